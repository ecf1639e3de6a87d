/** The last earthquake: a map with the wave fronts on their way, and the same in a table. */

import type { Entry, Scene } from "../../alert/model";
import { lastOf } from "../../alert/recent";
import type { Device } from "../../device/device";
import { Chip } from "../../drawing/chip";
import { h, replace, setText, show } from "../../drawing/dom";
import { drawTable } from "../../drawing/facts_table";
import { QuakeMap } from "../../drawing/map";
import type { Panel } from "../../drawing/panel";
import { facts } from "../../words/facts";
import { intensityWords } from "../../words/scales";

const FRONTS_MOVE_MS = 300_000;
const FRAME_MS = 100;
const STILL_MS = 5000; // between two pictures for who wants nothing that moves

export class QuakePanel implements Panel {
  private readonly heading = h("h2", {});
  private readonly chip = new Chip();
  private readonly drill = h("span", { class: "drill-tag" });
  private readonly none = h("p", { class: "small" });
  private readonly table = h("table", { class: "facts", role: "table" });
  private readonly legend = h("ul", { class: "legend" });
  private readonly pause = h("button", { type: "button", onclick: () => this.pauseOrMove() });
  private readonly map: QuakeMap;
  readonly element: HTMLElement;
  private moving = false;
  /** The time that the map shows since the person paused the waves, and of which earthquake. */
  private paused: { key: string; at: number } | null = null;

  constructor(
    private readonly device: Device,
    font: number,
    /** Whether there is room for a button that pauses the waves; on a TV there is none. */
    private readonly pausable = false,
  ) {
    this.map = new QuakeMap(() => device.language, font);
    const head = h("div", { class: "quake-head" }, this.heading, this.drill, this.chip.element);
    const words = h(
      "div",
      { class: "quake-words" },
      head,
      this.none,
      this.table,
      this.legend,
      this.pause,
    );
    this.element = h("section", { class: "card quake" }, words, this.map.canvas);
  }

  private entry(): Entry | null {
    return lastOf(this.device.state.history);
  }

  private headingKey(entry: Entry | null): "last" | "last.drill" | "drill.band" {
    if (entry?.mode !== "drill") return "last";
    return this.device.quake()?.key === entry.key ? "drill.band" : "last.drill";
  }

  draw(): void {
    const { t, place } = this.device;
    const entry = this.entry();
    setText(this.heading, t(this.headingKey(entry)));
    setText(this.none, t("last.none"));
    show(this.none, entry === null);
    show(this.drill, entry?.mode === "drill");
    setText(this.drill, t("history.drill"));
    const scale = this.device.scale();
    this.chip.draw(intensityWords(entry?.mmi, scale, t));
    const rows = entry ? facts(entry, place, this.device.now(), t, scale) : [];
    drawTable(this.table, rows);
    this.drawLegend(entry);
    if (this.paused?.key !== entry?.key) this.paused = null;
    show(this.pause, this.pausable && entry !== null && this.isMoving(entry) && !isStill());
    setText(this.pause, t(this.paused ? "wave.move" : "wave.pause"));
    this.drawMap(entry);
    if (entry && this.isMoving(entry) && !this.moving && !isStill()) this.animate();
  }

  private drawLegend(entry: Entry | null): void {
    show(this.legend, entry !== null && !entry.single);
    const { t } = this.device;
    const words = [t("wave.p"), t("wave.s")];
    if (this.legend.textContent === words.join("")) return;
    replace(this.legend, ...words.map((word, i) => h("li", { class: i === 0 ? "p" : "s" }, word)));
  }

  private drawMap(entry: Entry | null): void {
    const { t, table } = this.device;
    const label = t(entry && !entry.single ? "map" : "map.place");
    this.map.draw(this.scene(entry), table, this.time(), label);
  }

  /** The time that the map shows. */
  private time(): number {
    const now = this.device.now();
    return this.paused?.at ?? (isStill() ? Math.floor(now / STILL_MS) * STILL_MS : now);
  }

  private pauseOrMove(): void {
    const entry = this.entry();
    this.paused = this.paused || !entry ? null : { key: entry.key, at: this.device.now() };
    this.draw();
  }

  private scene(entry: Entry | null): Scene {
    const { place } = this.device;
    const located = entry && entry.lat != null && entry.lon != null && entry.t0 != null;
    const source =
      located && !entry.single
        ? { lat: entry.lat!, lon: entry.lon!, t0: entry.t0!, depthKm: entry.depthKm ?? 10 }
        : null;
    return { place, source, radiusKm: null };
  }

  private isMoving(entry: Entry): boolean {
    const age = this.device.now() - (entry.t0 ?? 0);
    return !entry.single && age >= 0 && age < FRONTS_MOVE_MS;
  }

  /** Ten pictures a second, unless the person has paused them or wants nothing that moves. */
  private animate(): void {
    this.moving = true;
    const frame = () => {
      const entry = this.entry();
      this.moving = entry !== null && this.isMoving(entry) && this.element.offsetParent !== null;
      if (!this.moving) return;
      if (this.paused === null) this.drawMap(entry);
      setTimeout(frame, FRAME_MS);
    };
    setTimeout(frame, FRAME_MS);
  }
}

function isStill(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
