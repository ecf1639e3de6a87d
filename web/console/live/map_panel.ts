/** The map with its buttons, the station that is chosen on it, and the table of its stations. */

import { h, setAttribute } from "../../core/drawing/dom";
import type { TravelTimes } from "../../core/forecast/travel_time";
import type { Palette } from "../common/palette";
import { Table } from "../common/table";
import type { Words } from "../common/words";
import type { Board } from "../feed/board";
import { FollowedView } from "../map/followed_view";
import { LiveMap } from "../map/live_map";
import { listen } from "../map/map_input";
import { ZOOM } from "../map/map_view";
import { ChosenStation } from "./chosen_station";
import { LIVE_STATIONS, type StationRow, stationRows } from "./columns";
import { Panel } from "./panel";
import { PeakChoice } from "./peak_choice";

/** From this MMI on a station is counted as lit. */
const LIT = 1.5;

export class MapPanel {
  readonly view: FollowedView;
  /** Pictures so far: what a benchmark counts. */
  drawn = 0;
  private readonly map = new LiveMap();
  private readonly panel: Panel;
  private readonly choice: PeakChoice;
  private readonly chosen: ChosenStation;
  private readonly stations: Table<StationRow>;

  /** onToggle: it shows the other of map and table. */
  constructor(
    private readonly t: Words,
    private readonly board: Board,
    onToggle: () => void,
  ) {
    this.view = new FollowedView(board);
    this.choice = new PeakChoice(t);
    this.chosen = new ChosenStation(t, board, this.choice);
    const key = ({ station }: StationRow) => station.code;
    this.stations = new Table(t, t("table.live"), LIVE_STATIONS, key, 1, true);
    const table = this.stations.element;
    const tools = [this.choice.element];
    this.panel = new Panel(t, "map", t("map.title"), this.figure(), table, onToggle, tools);
  }

  get element(): HTMLElement {
    return this.panel.element;
  }

  get asTable(): boolean {
    return this.panel.asTable;
  }

  focus(): void {
    this.map.canvas.focus();
  }

  togglePeak(): void {
    this.choice.choose(!this.choice.peak);
  }

  /** now: server ms. */
  draw(table: TravelTimes | null, now: number, palette: Palette): void {
    const { view } = this.view;
    if (!view) return;
    this.map.draw({
      ...{ board: this.board, view, table, now, palette },
      ...{ chosen: this.chosen.row, peak: this.choice.peak },
      scale: (km) => this.t("map.km", { n: km }),
      language: this.t.language,
    });
    this.drawn++;
  }

  /** age: as of when the stations are. */
  drawTexts(age: string): void {
    const { stations } = this.board;
    this.panel.setAge(age);
    const lit = stations.filter((station) => (station.level ?? 0) >= LIT).length;
    const picked = stations.filter((station) => station.p !== null).length;
    const label = this.t("map.label", { n: stations.length, lit, picked });
    setAttribute(this.map.canvas, "aria-label", label);
    this.chosen.draw();
  }

  drawTable(): void {
    if (this.asTable) this.stations.draw(stationRows(this.board));
  }

  private figure(): HTMLElement {
    const { canvas } = this.map;
    canvas.className = "map";
    canvas.tabIndex = 0;
    setAttribute(canvas, "role", "img");
    setAttribute(canvas, "aria-describedby", "map-keys");
    listen(canvas, this.view, {
      step: (step) => this.chosen.step(step),
      selectAt: (x, y) => this.chosen.select(this.map.stationAt(this.board, x, y)?.row ?? null),
      clear: () => this.clear(),
    });
    return h(
      "div",
      { class: "figure" },
      h("div", { class: "stage" }, canvas, this.zoomButtons()),
      this.chosen.element,
      h("p", { id: "map-keys", class: "hidden" }, this.t("map.keys")),
    );
  }

  private zoomButtons(): HTMLElement {
    const { t, view } = this;
    const button = (key: "map.in" | "map.out" | "map.fit", sign: string, onclick: () => void) =>
      h("button", { type: "button", "aria-label": t(key), title: t(key), onclick }, sign);
    return h(
      "div",
      { class: "zoom" },
      button("map.in", "+", () => view.zoom(ZOOM)),
      button("map.out", "−", () => view.zoom(1 / ZOOM)),
      button("map.fit", "⤢", () => view.showAll()),
    );
  }

  private clear(): boolean {
    const any = this.chosen.row !== null;
    if (any) this.chosen.select(null);
    return any;
  }
}
