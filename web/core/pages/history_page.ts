/** HISTORY: for every event when it was received, when it shook, what was shown, and the outcome. */

import { type Key, TEXTS } from "../../languages/language";
import type { Entry } from "../alert/model";
import { singleTitle } from "../alert/one_station";
import type { Device } from "../device/device";
import { h, replace } from "../drawing/dom";
import { dateText, type Fact, intensityText, timeline, whereText } from "../words/facts";
import { classOf } from "../words/intensity";
import type { Panel } from "./panels";
import { drawTable } from "./quake_panel";

export class HistoryPage implements Panel {
  readonly element = h("div", { class: "history" });
  private drawn: unknown[] = [];

  constructor(private readonly device: Device) {}

  draw(): void {
    const { state, language, place } = this.device;
    const drawn = [state.history, language, place];
    if (drawn.every((value, i) => value === this.drawn[i])) return;
    this.drawn = drawn;
    const { t } = this.device;
    const entries = state.history.map((entry) => this.card(entry));
    const none = h("p", { class: "small" }, t("history.none"));
    const list = entries.length > 0 ? h("ul", { class: "entries" }, ...entries) : none;
    replace(this.element, h("h1", { tabindex: -1 }, t("history")), list);
  }

  private card(entry: Entry): HTMLElement {
    const { t, language } = this.device;
    const when = h("p", { class: "when" }, dateText(entry.t0 ?? entry.received, language));
    const drill =
      entry.mode === "drill" ? h("span", { class: "drill-tag" }, t("history.drill")) : null;
    const table = h("table", { class: "facts", role: "table" });
    drawTable(table, this.rows(entry));
    const head = h(
      "div",
      { class: "quake-head" },
      h("h2", {}, this.headline(entry)),
      drill,
      chip(entry),
    );
    return h("li", { class: "card" }, head, when, table);
  }

  private headline(entry: Entry): string {
    const { t, place } = this.device;
    if (entry.m == null) return this.outcome(entry);
    if (entry.single) return t(singleTitle(entry));
    return `M ${entry.m.toFixed(1)} · ${whereText(entry, place, t)}`;
  }

  private rows(entry: Entry): Fact[] {
    const { t } = this.device;
    if (entry.m == null) return [];
    const told = t(`told.${entry.told ?? 0}` as Key);
    return [
      [t("intensity"), intensityText(entry.mmi, t)],
      ...timeline(entry, t),
      [t("history.told"), told],
      [t("history.ended"), this.outcome(entry)],
    ];
  }

  private outcome(entry: Entry): string {
    const key = `outcome.${entry.outcome}`;
    return key in TEXTS["en"]! ? this.device.t(key as Key) : entry.outcome;
  }
}

function chip(entry: Entry): HTMLElement | null {
  if (entry.mmi == null || !(entry.mmi >= 0)) return null;
  const { roman, colour, text } = classOf(entry.mmi);
  const element = h("span", { class: "chip" }, roman);
  element.style.background = colour;
  element.style.color = text;
  return element;
}
