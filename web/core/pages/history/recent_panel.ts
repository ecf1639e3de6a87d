/** Recent earthquakes of this service: a table, and the one that is chosen on the map. */

import type { Device } from "../../device/device";
import { h, replace, setText, show } from "../../drawing/dom";
import { QuakeMap } from "../../drawing/map";
import type { Panel } from "../../drawing/panel";
import { distanceKm } from "../../forecast/distance";
import { askJson } from "../../stream/http";
import { dateText, direction, magnitudeText } from "../../words/facts";

const ADDRESS = "api/events?period=month&mode=all&limit=50";
const MAP_FONT_PX = 12;

interface Feature {
  id: string;
  properties: { mag: number; place: string; time: number; mode: string };
  geometry: { coordinates: [lon: number, lat: number, depthKm: number] };
}

export class RecentPanel implements Panel {
  readonly element = h("section", { class: "card recent" });
  private readonly said = h("p", { role: "status" });
  private readonly list = h("div", {});
  private readonly map: QuakeMap;
  private events: readonly Feature[] = [];
  private chosen: Feature | null = null;
  private drawn = "";

  constructor(private readonly device: Device) {
    this.map = new QuakeMap(() => device.language, MAP_FONT_PX);
    show(this.map.canvas, false);
  }

  draw(): void {
    const { t, language } = this.device;
    if (this.drawn !== language) {
      this.drawn = language;
      const ask = h("button", { type: "button", class: "quiet" }, t("recent.show"));
      ask.addEventListener("click", () => void this.ask());
      replace(this.element, h("h2", {}, t("recent")), ask, this.said, this.map.canvas, this.list);
      this.fill();
    }
    this.drawMap();
  }

  private async ask(): Promise<void> {
    const { t } = this.device;
    const answer = await askJson<{ features: Feature[] }>(ADDRESS);
    this.events = answer?.features ?? [];
    this.chosen = this.events[0] ?? null;
    const none = answer ? "recent.none" : "felt.unknown";
    setText(this.said, this.chosen ? t("recent.count", { n: this.events.length }) : t(none));
    this.fill();
    this.drawMap();
  }

  private fill(): void {
    const { t } = this.device;
    const head = [t("recent.time"), t("magnitude"), t("epicentre")];
    const columns = head.map((text) => h("th", { scope: "col" }, text));
    const rows = this.events.map((event) => this.row(event));
    const table = h(
      "table",
      { class: "list" },
      h("thead", {}, h("tr", {}, ...columns)),
      h("tbody", {}, ...rows),
    );
    replace(this.list, rows.length > 0 ? table : null);
  }

  private row(event: Feature): HTMLElement {
    const { t, language } = this.device;
    const { mag, time, mode } = event.properties;
    const choose = () => {
      this.chosen = event;
      this.fill();
      this.drawMap();
      this.list.querySelector<HTMLElement>("[aria-pressed='true']")?.focus();
    };
    const pressed = `${event === this.chosen}`;
    const button = h("button", { type: "button", "aria-pressed": pressed, onclick: choose });
    setText(button, dateText(time, language));
    const drill = mode === "actual" ? null : h("span", { class: "drill-tag" }, t("history.drill"));
    const cells = [h("td", {}, button), h("td", {}, magnitudeText(mag, t), drill)];
    return h("tr", {}, ...cells, h("td", {}, this.where(event)));
  }

  private where({ geometry, properties }: Feature): string {
    const { t, place } = this.device;
    const [lon, lat] = geometry.coordinates;
    if (!place) return properties.place;
    const km = Math.round(distanceKm(place, { lat, lon }));
    return t("from.here", { km, direction: direction(place, { lat, lon }, t) });
  }

  private drawMap(): void {
    const { t, place, table } = this.device;
    show(this.map.canvas, this.chosen !== null);
    if (!this.chosen) return;
    const [lon, lat, depthKm] = this.chosen.geometry.coordinates;
    const source = { lat, lon, depthKm, t0: this.chosen.properties.time };
    this.map.draw({ place, source, radiusKm: null }, table, this.device.now(), t("map"));
  }
}
