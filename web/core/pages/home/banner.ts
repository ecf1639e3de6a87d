/**
 * NOTICE: a banner over whatever page or calm screen is there. It goes by itself.
 *
 * Several light earthquakes are summed up in one banner, whose button closes all of them.
 */

import { bannerQuake } from "../../alert/quake";
import type { Device } from "../../device/device";
import { isFar } from "../../drawing/appearance";
import { h, setAttribute, setText, show } from "../../drawing/dom";
import { icon } from "../../drawing/icons";
import type { Panel } from "../../drawing/panel";
import { joined, noticeTexts } from "../../words/words";

export class Banner implements Panel {
  private readonly drill = h("p", { class: "drill" });
  private readonly title = h("p", { class: "banner-title" });
  private readonly text = h("p", { class: "banner-text" });
  private readonly button: HTMLButtonElement;
  readonly element: HTMLElement;

  constructor(private readonly device: Device) {
    this.button = h("button", { type: "button", onclick: () => this.close() });
    const words = h("div", { class: "banner-words" }, this.title, this.text);
    const row = h("div", { class: "banner-row" }, icon("circle"), words, this.button);
    this.element = h("aside", { id: "banner", hidden: true }, this.drill, row);
  }

  draw(): void {
    const quake = bannerQuake(this.device.state);
    const { t } = this.device;
    show(this.element, quake !== null);
    setAttribute(document.documentElement, "data-banner", quake && "");
    if (!quake) return;
    show(this.drill, quake.message.mode === "drill");
    setText(this.drill, t("drill.band"));
    const [title, ...rest] = noticeTexts(quake, t);
    const { place } = this.device;
    setText(this.title, isFar() && place ? `${title} · ${place.name}` : (title as string));
    setText(this.text, joined(t, ...rest));
    setText(this.button, t("ok"));
    this.makeRoom();
  }

  /** A screen that only informs keeps clear of the banner over it (alert.css). */
  private makeRoom(): void {
    const over = this.device.quake()?.phase !== "notice";
    setAttribute(this.element, "data-over", over ? "" : null);
    document.documentElement.style.setProperty("--banner", `${this.element.offsetHeight}px`);
  }

  close(): void {
    const { banner } = this.device.state;
    if (banner !== null) this.device.dispatch({ type: "ok", quake: banner });
  }
}
