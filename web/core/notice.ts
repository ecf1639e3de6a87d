/** NOTICE: a banner over whatever is on the screen. It asks for nothing and goes by itself. */

import type { Device } from "./device";
import { h, setText, show } from "./dom";
import { icon } from "./icons";
import { isOneStation, measured, noticeTitle } from "./one_station";
import type { Panel } from "./panels";
import { sentences } from "./words";

export class Notice implements Panel {
  private readonly drill = h("p", { class: "drill" });
  private readonly title = h("p", { class: "notice-title" });
  private readonly text = h("p", { class: "notice-text" });
  private readonly button: HTMLButtonElement;
  readonly element: HTMLElement;

  constructor(private readonly device: Device) {
    this.button = h("button", { type: "button", onclick: () => device.dispatch({ type: "ok" }) });
    const words = h("div", { class: "notice-words" }, this.title, this.text);
    const row = h("div", { class: "notice-row" }, icon("circle"), words, this.button);
    this.element = h("aside", { id: "notice", hidden: true }, this.drill, row);
  }

  draw(): void {
    const quake = this.device.quake();
    const { t } = this.device;
    show(this.element, quake?.phase === "notice");
    show(this.drill, quake?.message.mode === "drill");
    setText(this.drill, t("drill.band"));
    const single = quake !== null && isOneStation(quake.message);
    setText(this.title, t(single ? noticeTitle(quake.message) : "notice.title"));
    const text = single
      ? sentences(t, measured(quake.message), "single.ready")
      : sentences(t, "notice.action", "notice.detail");
    setText(this.text, text);
    setText(this.button, t("ok"));
  }
}
