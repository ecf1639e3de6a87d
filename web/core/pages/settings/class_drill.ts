/** A drill for a class: it begins after a while, on this page, and the people are counted after it. */

import { measure, withDigits } from "../../../languages/numerals";
import { REMIND_DAYS as DAYS, REMIND_HOURS as HOURS } from "../../alert/settings";
import type { Device } from "../../device/device";
import { h, replace, setText } from "../../drawing/dom";
import type { Panel } from "../../drawing/panel";

/** Seconds until it begins. */
const WAITS = [10, 60, 300] as const;

export class ClassDrill implements Panel {
  readonly element = h("section", { class: "card" });
  private readonly left = h("p", { class: "class-left", role: "timer" });
  private begins: number | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private drawn = "";

  constructor(private readonly device: Device) {}

  draw(): void {
    const { language, settings } = this.device;
    const may = this.device.mayDrill();
    const drawn = JSON.stringify([language, this.begins !== null, may, settings.monthly]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.build(may);
  }

  private build(may: boolean): void {
    const { t } = this.device;
    const start = (wait: number) => {
      const press = () => this.start(wait);
      const [n, unit] = wait < 60 ? ([wait, "second"] as const) : ([wait / 60, "minute"] as const);
      const text = t("class.in", { n: measure(n, unit, this.device.language) });
      return h("button", { type: "button", class: "quiet", disabled: !may, onclick: press }, text);
    };
    const stop = h("button", { type: "button", class: "strong", onclick: () => this.stop() });
    setText(stop, t("class.stop"));
    const waiting = this.begins !== null;
    replace(
      this.element,
      h("h2", {}, t("drills.title")),
      this.reminder(),
      h("h3", {}, t("class")),
      h("p", { class: "small" }, t(may ? "class.about" : "try.wait")),
      waiting ? this.left : h("div", { class: "pair" }, ...WAITS.map(start)),
      waiting ? stop : null,
    );
  }

  private reminder(): HTMLElement {
    const { t, settings } = this.device;
    const { monthly } = settings;
    const days = h(
      "select",
      { id: "remind-day" },
      h("option", { selected: !monthly }, t("set.off")),
    );
    for (const day of DAYS)
      days.append(h("option", { selected: monthly?.day === day }, t("remind.day", { n: day })));
    const hours = h("select", { id: "remind-hour", disabled: !monthly });
    for (const hour of HOURS) {
      const text = withDigits(`${hour}:00`, this.device.language);
      hours.append(h("option", { selected: (monthly?.hour ?? 10) === hour }, text));
    }
    const change = () => {
      const day = DAYS[days.selectedIndex - 1];
      const hour = HOURS[hours.selectedIndex] ?? 10;
      this.device.choose({ monthly: day === undefined ? null : { day, hour } });
      document.getElementById("remind-day")?.focus();
    };
    days.addEventListener("change", change);
    hours.addEventListener("change", change);
    const field = (input: HTMLElement, text: string) =>
      h("div", { class: "field" }, h("label", { for: input.id }, text), input);
    return h("div", { class: "pair" }, field(days, t("remind")), field(hours, t("remind.hour")));
  }

  private start(wait: number): void {
    this.device.touched();
    this.begins = Date.now() + wait * 1000;
    this.draw();
    this.count();
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.begins = null;
    this.draw();
  }

  private count(): void {
    if (this.begins === null) return;
    const left = Math.ceil((this.begins - Date.now()) / 1000);
    setText(this.left, this.device.t("class.left", { n: Math.max(0, left) }));
    if (left > 0) {
      this.timer = setTimeout(() => this.count(), 250);
      return;
    }
    this.stop();
    if (this.device.mayDrill()) this.device.tryDrill();
  }
}
