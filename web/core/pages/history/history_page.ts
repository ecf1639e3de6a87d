/** HISTORY: for every event when it was received, when it shook, what was shown, and the outcome. */

import { type Key, TEXTS } from "../../../languages/language";
import type { Entry } from "../../alert/model";
import { singleTitle } from "../../alert/one_station";
import type { Device } from "../../device/device";
import { chip } from "../../drawing/chip";
import { h, replace } from "../../drawing/dom";
import { drawTable } from "../../drawing/facts_table";
import type { Panel } from "../../drawing/panel";
import {
  dateText,
  type Fact,
  intensityText,
  magnitudeText,
  timeline,
  whereText,
} from "../../words/facts";
import { intensityWords } from "../../words/scales";
import { verdict } from "../../words/verdict";
import { RecentPanel } from "./recent_panel";

export class HistoryPage implements Panel {
  readonly element = h("div", { class: "history" });
  private drawn: unknown[] = [];
  private readonly recent: RecentPanel;

  constructor(private readonly device: Device) {
    this.recent = new RecentPanel(device);
  }

  draw(): void {
    this.recent.draw();
    const { state, language, place } = this.device;
    const drawn = [state.history, language, place, this.device.scale()];
    if (drawn.every((value, i) => value === this.drawn[i])) return;
    this.drawn = drawn;
    const { t } = this.device;
    const entries = state.history.map((entry) => this.card(entry));
    const none = h("p", { class: "small" }, t("history.none"));
    const list = entries.length > 0 ? h("ul", { class: "entries" }, ...entries) : none;
    replace(this.element, h("h1", { tabindex: -1 }, t("history")), list, this.recent.element);
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
      chip(intensityWords(entry.mmi, this.device.scale(), t)),
    );
    return h("li", { class: "card" }, head, when, table);
  }

  private headline(entry: Entry): string {
    const { t } = this.device;
    if (entry.m == null) return this.outcome(entry);
    if (entry.single) return t(singleTitle(entry));
    const place = this.device.placeOf(entry) ?? this.device.place;
    return `${magnitudeText(entry.m, t)} · ${whereText(entry, place, t)}`;
  }

  private rows(entry: Entry): Fact[] {
    const { t } = this.device;
    if (entry.m == null) return [];
    const right = verdict(entry);
    const told = t(`told.${entry.told ?? 0}` as Key);
    return [
      ...this.strength(entry),
      ...timeline(entry, t),
      [t("history.told"), told],
      [t("history.ended"), this.outcome(entry)],
      ...(right ? [[t("history.right"), t(right)] as Fact] : []),
    ];
  }

  /** As first forecast, as last forecast, and as the person felt it. */
  private strength(entry: Entry): Fact[] {
    const { t } = this.device;
    const text = (mmi: number | undefined) => intensityText(mmi, t, this.device.scale());
    const { firstMmi, mmi, felt, at } = entry;
    const rows: Fact[] = [[t("intensity"), text(mmi)]];
    if (firstMmi !== undefined && text(firstMmi) !== text(mmi))
      rows.unshift([t("history.first"), text(firstMmi)]);
    if (felt !== undefined) rows.push([t("history.felt"), text(felt)]);
    if (at !== undefined) rows.push([t("history.place"), at]);
    return rows;
  }

  private outcome(entry: Entry): string {
    const key = `outcome.${entry.outcome}`;
    return key in TEXTS["en"]! ? this.device.t(key as Key) : entry.outcome;
  }
}
