/** The event in numbers, large enough to be read across a room. */

import { h, replace, setText, show } from "../../core/drawing/dom";
import { reachKm, type TravelTimes } from "../../core/forecast/travel_time";
import { ground } from "../../core/map/ground";
import { nearestTown } from "../../core/map/towns";
import { clockTime } from "../common/figures";
import type { Words } from "../common/words";
import type { SeenEvent } from "../feed/board";
import { kilometres, percent } from "./texts";

export class EventCard {
  readonly element: HTMLElement;
  private readonly magnitude = h("p", { class: "magnitude" });
  private readonly where = h("p", { class: "where" });
  private readonly age = h("p", { class: "age" });
  private readonly list = h("dl", {});
  private drawn = "";

  constructor(private readonly t: Words) {
    this.element = h(
      "section",
      { id: "event", class: "panel", "aria-labelledby": "event-title" },
      h("div", { class: "bar" }, h("h2", { id: "event-title" }, t("event.title")), this.age),
      h("div", { class: "headline" }, this.magnitude, this.where),
      this.list,
    );
  }

  /** others: how many more events there are. now: server ms. age: since the last version. */
  draw(
    event: SeenEvent | null,
    others: number,
    table: TravelTimes | null,
    now: number,
    age: string,
  ): void {
    const { t } = this;
    this.element.dataset["event"] = event && event.gone === null ? "on" : "off";
    setText(this.age, event ? age : "");
    setText(this.magnitude, event ? `M ${event.last.magnitude.toFixed(1)}` : t("event.none"));
    setText(this.where, event ? this.place(event) : t("event.none.more"));
    show(this.list, event !== null);
    const rows = event ? this.rows(event, table, now, others) : [];
    const key = JSON.stringify(rows);
    if (key === this.drawn) return;
    this.drawn = key;
    replace(
      this.list,
      ...rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
    );
  }

  private place(event: SeenEvent): string {
    if (event.gone !== null) return this.t("event.gone", { why: event.gone });
    const town = nearestTown(event.last, ground.known(), this.t.language);
    if (!town) return pointText(event.last.lat, event.last.lon);
    return this.t("event.near", { town: town.name, km: town.km.toFixed(0) });
  }

  private rows(
    event: SeenEvent,
    table: TravelTimes | null,
    now: number,
    others: number,
  ): [string, string][] {
    const { t } = this;
    const { last } = event;
    const km = (value: number, sigma: number) =>
      t("event.km", { value: value.toFixed(0), sigma: sigma.toFixed(0) });
    const front = table ? reachKm(table, "s", (now - last.t0) / 1000, last.depthKm) : null;
    const magnitude = `${last.magnitude.toFixed(1)} ± ${last.magnitudeSigma.toFixed(1)}`;
    const rows: [string, string][] = [
      [t("event.magnitude"), apart(magnitude)],
      [
        t("event.where"),
        `${apart(pointText(last.lat, last.lon))} ± ${kilometres(t, last.sigmaKm)}`,
      ],
      [t("event.depth"), km(last.depthKm, event.depthSigmaKm)],
      [t("event.origin"), clockTime(last.t0 / 1000)],
      [t("column.likelihood"), apart(percent(last.likelihood))],
      [t("event.picks"), `${last.picks}`],
      [t("event.front"), kilometres(t, front)],
      [t("column.version"), `${last.n}`],
    ];
    if (others > 0) rows.push(["", t("event.others", { n: others })]);
    return rows;
  }
}

/** From left to right also among text from right to left, which would turn "6.9 ± 0.7" around. */
function apart(numbers: string): string {
  return `\u2066${numbers}\u2069`;
}

/** "30.66° N, 104.06° E". */
export function pointText(lat: number, lon: number): string {
  const part = (value: number, plus: string, minus: string) =>
    `${Math.abs(value).toFixed(2)}° ${value < 0 ? minus : plus}`;
  return `${part(lat, "N", "S")}, ${part(lon, "E", "W")}`;
}
