/** AFTER: what to do now, until the person closes it. Opens by itself when the shaking is over. */

import type { Key } from "../../../languages/language";
import { afterQuake } from "../../alert/quake";
import type { Device } from "../../device/device";
import { h, replace, setText, show } from "../../drawing/dom";
import { icon } from "../../drawing/icons";
import type { Panel } from "../../drawing/panel";
import { smsAddress } from "../../person/help";
import { sentences } from "../../words/sentences";
import { detailOf } from "../home/status_panel";

const LINES: readonly Key[] = ["after.1", "after.2", "after.3", "after.4", "after.5"];

export class AfterPage implements Panel {
  readonly element = h("div", { class: "after" });
  // An aftershock may come: that none would be received is said here as well.
  private readonly connection = h("p", { class: "after-connection" });
  private drawn = "";
  /** What comes with the second script. */
  private readonly more: Panel[] = [];
  private readonly rest = h("div", { class: "after-more" });

  constructor(
    private readonly device: Device,
    private readonly tv: boolean,
    private readonly close: () => void,
  ) {}

  add(...panels: Panel[]): void {
    this.more.push(...panels);
    for (const { element } of panels) this.rest.appendChild(element);
  }

  draw(): void {
    for (const panel of this.more) panel.draw();
    const { language, state } = this.device;
    const readiness = this.device.readiness();
    show(this.connection, readiness !== "ready");
    setText(this.connection, sentences(this.device.t(readiness), detailOf(this.device, readiness)));
    const quake = afterQuake(state);
    const open = quake !== null;
    const drawn = `${language} ${open} ${quake?.key}`;
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.build(open, quake?.message.mode === "drill");
  }

  private build(open: boolean, drill: boolean): void {
    const { t } = this.device;
    const title = h("h1", { tabindex: -1 }, t(open ? "passed.title" : "after.title"));
    const band = h(
      "div",
      { class: "after-band", "data-open": open },
      open ? icon("tick") : null,
      title,
    );
    const lines = h("ol", { class: "checklist" }, ...LINES.map((key) => h("li", {}, t(key))));
    const close = h(
      "button",
      { type: "button", class: "strong", onclick: () => this.close() },
      t("after.close"),
    );
    replace(
      this.element,
      open && drill ? h("p", { class: "drill" }, t("drill.band")) : null,
      this.connection,
      band,
      open ? null : h("p", { class: "small" }, t("after.none")),
      open ? h("p", { class: "ask" }, t("passed.action")) : null,
      this.tv ? null : this.messages(open && drill),
      lines,
      open ? close : null,
      this.rest,
    );
  }

  /** Opens the phone's own messages; nothing is sent from here. In a drill they say so first. */
  private messages(drill: boolean): HTMLElement {
    const { t } = this.device;
    const link = (name: Key, text: Key, kind: string) => {
      const body = drill ? `${t("drill.band")}: ${t(name)}` : t(text);
      const href = smsAddress(this.device.help.contacts, body);
      return h("a", { class: `button ${kind}`, href }, t(name));
    };
    const ok = link("after.ok", "after.ok.text", "quiet");
    const help = link("after.help", "after.help.text", "strong");
    return h("div", { class: "pair" }, ok, help);
  }
}
