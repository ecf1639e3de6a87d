/** LIVE: event, map, record section and messages, drawn as often as each needs. */

import { h, setAttribute, setText } from "../../core/drawing/dom";
import { distanceKm, type Point } from "../../core/forecast/distance";
import { reachKm, type TravelTimes } from "../../core/forecast/travel_time";
import { clockTime, seconds } from "../common/figures";
import { type Palette, palette } from "../common/palette";
import { Table } from "../common/table";
import type { Words } from "../common/words";
import type { Board, SeenEvent, SeenStation } from "../feed/board";
import type { History } from "../feed/history";
import type { MessageWire } from "../feed/wire";
import { LiveMap } from "../map/live_map";
import { around, fit, moved, type View, ZOOM, zoomed } from "../map/map_view";
import { Section } from "../section/section";
import {
  intensity,
  LIVE_STATIONS,
  MESSAGES,
  messageText,
  type StationRow,
  VERSIONS,
  type VersionRow,
} from "./columns";
import { EventCard } from "./event_card";
import { legend } from "./legend";
import { Panel } from "./panel";
import { Timeline } from "./timeline";

const SECTION_MS = 100;
const TEXTS_MS = 500;
const TABLES_MS = 1000;
/** Without motion on the screen, where the device asks for that. */
const CALM_MS = 1000;
const EVENT_KM = 60;
/** By which the view grows with the P wave: each step draws the ground anew. */
const GROWTH = 1.5;
/** Thirty pictures a second are smooth; more would only cost. */
const MAP_MS = 30;

export class LiveView {
  readonly element: HTMLElement;
  table: TravelTimes | null = null;
  private readonly map = new LiveMap();
  private readonly section = new Section();
  private readonly card: EventCard;
  private readonly mapPanel: Panel;
  private readonly sectionPanel: Panel;
  private readonly versionsPanel: HTMLElement;
  private readonly stations: Table<StationRow>;
  private readonly sectionStations: Table<StationRow>;
  private readonly versions: Table<VersionRow>;
  private readonly messages: Table<MessageWire>;
  private readonly timeline: Timeline;
  private readonly messagesPanel: Panel;
  private readonly noMessages: HTMLElement;
  private readonly chosenText = h("p", { id: "chosen", role: "status" });
  private readonly nowButton: HTMLButtonElement;
  private readonly peakButton: HTMLButtonElement;
  private view: View | null = null;
  private moved = false;
  private followed = "";
  private chosen: number | null = null;
  private peak = false;
  private colours: Palette | null = null;
  private strip: [string, string] = ["#000000", "#000000"];
  private due = { section: 0, texts: 0, tables: 0, map: 0 };
  private network = "";
  private middle: Point = { lat: 0, lon: 0 };
  private readonly calm = matchMedia("(prefers-reduced-motion: reduce)");
  /** Pictures of the map so far: what a benchmark counts. */
  drawn = 0;

  constructor(
    private readonly t: Words,
    private readonly board: Board,
    private readonly history: () => History,
  ) {
    const region = (caption: string) => t(caption as "table.live");
    const stationKey = (row: StationRow) => row.station.code;
    this.stations = new Table(t, region("table.live"), LIVE_STATIONS, stationKey, 1, true);
    this.sectionStations = new Table(t, t("section.title"), LIVE_STATIONS, stationKey, 3);
    this.versions = new Table(t, t("table.versions"), VERSIONS, versionKey, 0, true);
    this.messages = new Table(t, t("table.messages"), MESSAGES, (row) => row.id, 0, true);
    this.card = new EventCard(t);
    this.nowButton = this.choice("map.now", false);
    this.peakButton = this.choice("map.peak", true);
    this.noMessages = h("p", { class: "none" }, t("messages.none"));
    const again = () => this.redraw();
    this.mapPanel = new Panel(
      t,
      "map",
      t("map.title"),
      this.mapFigure(),
      this.stations.element,
      again,
      [
        h(
          "div",
          { class: "choice", role: "group", "aria-label": t("map.which") },
          this.nowButton,
          this.peakButton,
        ),
      ],
    );
    this.sectionPanel = new Panel(
      t,
      "section",
      t("section.title"),
      this.sectionFigure(),
      this.sectionStations.element,
      again,
    );
    this.timeline = new Timeline(t, t("table.messages"));
    const list = h("div", { class: "figure" }, this.noMessages, this.timeline.element);
    const table = this.messages.element;
    this.messagesPanel = new Panel(t, "messages", t("messages.title"), list, table, again);
    this.versionsPanel = h(
      "section",
      { id: "versions", class: "panel", "aria-labelledby": "versions-title" },
      h("div", { class: "bar" }, h("h2", { id: "versions-title" }, t("versions.title"))),
      this.versions.element,
    );
    this.element = h(
      "div",
      { class: "live" },
      this.card.element,
      this.mapPanel.element,
      this.sectionPanel.element,
      this.messagesPanel.element,
      legend(t),
      this.versionsPanel,
    );
    this.showChoice();
  }

  /** Colours have changed, or the size, or what is shown. */
  redraw(): void {
    this.colours = null;
    this.due = { section: 0, texts: 0, tables: 0, map: 0 };
  }

  /** The coast has been loaded. */
  landLoaded(): void {
    this.map.version++;
  }

  focusMap(): void {
    this.map.canvas.focus();
  }

  togglePeak(): void {
    this.peak = !this.peak;
    this.showChoice();
  }

  /** Draws what is due. now: server ms; at: steady ms. */
  draw(now: number, at: number): void {
    if (this.board.stations.length === 0) return;
    this.followNetwork();
    this.followEvent(now);
    this.colours ??= this.readColours();
    if (!this.mapPanel.asTable && at >= this.due.map) {
      this.due.map = at + (this.calm.matches ? CALM_MS : MAP_MS);
      this.drawMap(now);
    }
    if (!this.sectionPanel.asTable && at >= this.due.section) {
      this.due.section = at + (this.calm.matches ? CALM_MS : SECTION_MS);
      this.drawSection(now);
    }
    if (at >= this.due.texts) {
      this.due.texts = at + TEXTS_MS;
      this.drawTexts(now);
    }
    if (at < this.due.tables) return;
    this.due.tables = at + TABLES_MS;
    this.drawTables();
  }

  private drawMap(now: number): void {
    if (!this.view || !this.colours) return;
    this.map.draw({
      ...{ board: this.board, view: this.view, table: this.table, now },
      ...{ chosen: this.chosen, peak: this.peak, palette: this.colours },
      scale: (km) => this.t("map.km", { n: km }),
    });
    this.drawn++;
  }

  private drawSection(now: number): void {
    if (!this.colours) return;
    this.section.draw({
      ...{ board: this.board, history: this.history(), event: this.event() },
      ...{ middle: this.middle, table: this.table, now, palette: this.colours },
      ...{ strip: this.strip, chosen: this.chosen },
      label: (n, ofOrigin) => this.t(ofOrigin ? "section.after" : "section.before", { n }),
    });
  }

  private drawTexts(now: number): void {
    const { t, board } = this;
    const event = this.event();
    const asOf = (time: number) =>
      t("asof", { time: clockTime(time / 1000), age: ageText(t, now - time) });
    const others = board.events.length - (event ? 1 : 0);
    this.card.draw(event, others, this.table, now, event ? asOf(event.last.at) : "");
    this.mapPanel.setAge(asOf(board.now));
    this.sectionPanel.setAge(t(event ? "section.axis" : "section.axis.none"));
    const lit = board.stations.filter((station) => (station.level ?? 0) >= 1.5).length;
    const picked = board.stations.filter((station) => station.p !== null).length;
    const label = t("map.label", { n: board.stations.length, lit, picked });
    setAttribute(this.map.canvas, "aria-label", label);
    setAttribute(this.section.canvas, "aria-label", t("section.label"));
    this.drawChosen();
  }

  private drawTables(): void {
    const { board } = this;
    const event = this.event();
    if (this.mapPanel.asTable || this.sectionPanel.asTable) {
      const rows = board.stations.map((station) => ({
        station,
        km: event ? distanceKm(event.last, station) : null,
      }));
      if (this.mapPanel.asTable) this.stations.draw(rows);
      if (this.sectionPanel.asTable) this.sectionStations.draw(rows);
    }
    this.noMessages.hidden = board.messages.length > 0;
    this.timeline.draw(board.messages);
    if (this.messagesPanel.asTable) this.messages.draw(board.messages);
    this.versionsPanel.hidden = board.events.length === 0;
    this.versions.draw(versionRows(board.events));
  }

  private event(): SeenEvent | null {
    return this.board.main;
  }

  /** Shows everything when the stations are known, and again when they are others. */
  private followNetwork(): void {
    const { stations } = this.board;
    const key = `${stations.length} ${stations[0]?.code}`;
    if (key === this.network) return;
    this.network = key;
    this.showAll();
    this.middle = this.view?.centre ?? this.middle;
  }

  /** Looks at a new event once, unless the person has moved the map. */
  private followEvent(now: number): void {
    const event = this.event();
    if (!event || event.gone !== null || this.moved || !this.table) return;
    const { last } = event;
    const km = reachKm(this.table, "p", (now - last.t0) / 1000, last.depthKm);
    const step = Math.ceil(Math.log(Math.max(EVENT_KM, km) / EVENT_KM) / Math.log(GROWTH));
    const key = [event.id, step, last.lat.toFixed(1), last.lon.toFixed(1)].join();
    if (key === this.followed) return;
    this.followed = key;
    const whole = fit(this.board.stations);
    const near = around(last, this.board.stations, EVENT_KM * GROWTH ** step);
    this.view = near.radiusKm < whole.radiusKm ? near : whole;
  }

  private showAll(): void {
    this.moved = false;
    this.followed = "";
    this.view = fit(this.board.stations);
  }

  private change(view: View): void {
    this.moved = true;
    this.view = view;
  }

  private mapFigure(): HTMLElement {
    const { canvas } = this.map;
    canvas.className = "map";
    canvas.tabIndex = 0;
    setAttribute(canvas, "role", "img");
    setAttribute(canvas, "aria-describedby", "map-keys");
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.dragging(canvas);
    const button = (key: "map.in" | "map.out" | "map.fit", sign: string, work: () => void) =>
      h(
        "button",
        { type: "button", "aria-label": this.t(key), title: this.t(key), onclick: work },
        sign,
      );
    const zoom = h(
      "div",
      { class: "zoom" },
      button("map.in", "+", () => this.zoom(ZOOM)),
      button("map.out", "−", () => this.zoom(1 / ZOOM)),
      button("map.fit", "⤢", () => this.showAll()),
    );
    return h(
      "div",
      { class: "figure" },
      h("div", { class: "stage" }, canvas, zoom),
      this.chosenText,
      h("p", { id: "map-keys", class: "hidden" }, this.t("map.keys")),
    );
  }

  private sectionFigure(): HTMLElement {
    setAttribute(this.section.canvas, "role", "img");
    this.section.canvas.className = "section";
    return h("div", { class: "figure" }, this.section.canvas);
  }

  private zoom(factor: number): void {
    if (this.view) this.change(zoomed(this.view, factor));
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.view) return;
    const steps: Record<string, readonly [number, number]> = {
      ...{ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] },
    };
    const step = steps[event.key];
    if (step) this.change(moved(this.view, step[0], step[1], 0.15));
    else if (event.key === "+" || event.key === "=") this.zoom(ZOOM);
    else if (event.key === "-") this.zoom(1 / ZOOM);
    else if (event.key === "0") this.showAll();
    else if (event.key === "PageDown") this.choose(1);
    else if (event.key === "PageUp") this.choose(-1);
    else if (event.key === "Escape" && this.chosen !== null) this.select(null);
    else return;
    event.preventDefault();
  }

  private wheel(event: WheelEvent): void {
    if (!event.ctrlKey && document.activeElement !== this.map.canvas) return; // the page scrolls
    event.preventDefault();
    this.zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15);
  }

  /** By pointer; everything can be done by keys and buttons too. */
  private dragging(canvas: HTMLCanvasElement): void {
    let from: { x: number; y: number; view: View } | null = null;
    let far = false;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch" || !this.view) return; // the page scrolls by touch
      from = { x: event.offsetX, y: event.offsetY, view: this.view };
      far = false;
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!from) return;
      const side = Math.min(canvas.clientWidth, canvas.clientHeight);
      const [dx, dy] = [event.offsetX - from.x, event.offsetY - from.y];
      far = far || Math.abs(dx) + Math.abs(dy) > 5;
      if (far) this.change(moved(from.view, -dx / side, dy / side, 1));
    });
    const end = () => {
      from = null;
    };
    canvas.addEventListener("pointerleave", end);
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("click", (event) => {
      if (far) return;
      const station = this.map.stationAt(this.board, event.offsetX, event.offsetY);
      this.select(station?.row ?? null);
    });
  }

  /** The next station by intensity, the strongest first. */
  private choose(step: 1 | -1): void {
    const value = (station: SeenStation) => (this.peak ? station.peak : station.level) ?? 0;
    const order = [...this.board.stations].sort((a, b) => value(b) - value(a) || a.row - b.row);
    const at = order.findIndex((station) => station.row === this.chosen);
    const next = order[at < 0 ? 0 : (at + step + order.length) % order.length];
    this.select(next?.row ?? null);
  }

  private select(row: number | null): void {
    this.chosen = row;
    this.drawChosen();
  }

  private drawChosen(): void {
    const station = this.chosen === null ? undefined : this.board.stations[this.chosen];
    const level = station ? (this.peak ? station.peak : station.level) : null;
    const text = station
      ? this.t("map.chosen", {
          code: station.code,
          level: intensity(level),
          condition: this.t.term("station", station.condition),
        })
      : "";
    setText(this.chosenText, text);
  }

  private choice(key: "map.now" | "map.peak", peak: boolean): HTMLButtonElement {
    const choose = () => {
      this.peak = peak;
      this.showChoice();
    };
    return h("button", { type: "button", onclick: choose }, this.t(key));
  }

  private showChoice(): void {
    setAttribute(this.nowButton, "aria-pressed", `${!this.peak}`);
    setAttribute(this.peakButton, "aria-pressed", `${this.peak}`);
  }

  private readColours(): Palette {
    const style = getComputedStyle(this.element);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    this.strip = [colour("--live-strip"), colour("--live-bare")];
    return palette(this.element);
  }
}

/** Tenths of a second, which do not flicker as milliseconds do. */
function ageText(t: Words, ms: number): string {
  const age = Math.max(0, ms) / 1000;
  return age < 60 ? t("unit.s", { n: age.toFixed(1) }) : seconds(t, age);
}

function versionRows(events: readonly SeenEvent[]): VersionRow[] {
  const rows: VersionRow[] = [];
  for (const { id, versions } of events)
    for (const version of versions) rows.push({ event: id, version });
  return rows;
}

function versionKey({ event, version }: VersionRow): string {
  return `${event}.${version.n}`;
}

/** What is said of a new message. */
export function saidOf(message: MessageWire, t: Words): string {
  return t("said.new", {
    kind: messageText(message, t),
    mode: t.term("mode", message.mode),
    magnitude: message.magnitude.toFixed(1),
    since: seconds(t, message.since_origin),
  });
}
