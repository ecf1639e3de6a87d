/** The last earthquake: a map with the wave fronts on their way, and the same in a table. */

import type { Entry, Scene } from "../alert/model";
import type { Device } from "../device/device";
import { h, replace, setText, show } from "../drawing/dom";
import { QuakeMap } from "../drawing/map";
import { facts } from "../words/facts";
import { classOf } from "../words/intensity";
import type { Panel } from "./panels";

const FRONTS_MOVE_MS = 300_000;

export class QuakePanel implements Panel {
  private readonly heading = h("h2", {});
  private readonly chip = h("span", { class: "chip" });
  private readonly drill = h("span", { class: "drill-tag" });
  private readonly none = h("p", { class: "small" });
  private readonly table = h("table", { class: "facts", role: "table" });
  private readonly legend = h("ul", { class: "legend" });
  private readonly map: QuakeMap;
  readonly element: HTMLElement;
  private moving = false;

  constructor(
    private readonly device: Device,
    font: number,
  ) {
    this.map = new QuakeMap(() => device.towns(), font);
    const head = h("div", { class: "quake-head" }, this.heading, this.drill, this.chip);
    const words = h("div", { class: "quake-words" }, head, this.none, this.table, this.legend);
    this.element = h("section", { class: "card quake" }, words, this.map.canvas);
  }

  /** The newest earthquake that this device received, real or drill. */
  private entry(): Entry | null {
    return this.device.state.history.find((entry) => entry.sArrival !== undefined) ?? null;
  }

  draw(): void {
    const { t, place } = this.device;
    const entry = this.entry();
    setText(this.heading, t("last"));
    setText(this.none, t("last.none"));
    show(this.none, entry === null);
    show(this.drill, entry?.mode === "drill");
    setText(this.drill, t("history.drill"));
    this.drawChip(entry);
    const rows = entry ? facts(entry, place, this.device.now(), t) : [];
    drawTable(this.table, rows);
    this.drawLegend(entry);
    this.drawMap(entry);
    if (entry && this.isMoving(entry) && !this.moving) this.animate();
  }

  private drawChip(entry: Entry | null): void {
    const known = entry?.mmi != null && entry.mmi >= 0;
    show(this.chip, known);
    if (!known) return;
    const { roman, colour, text } = classOf(entry.mmi as number);
    setText(this.chip, roman);
    Object.assign(this.chip.style, { background: colour, color: text });
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
    this.map.draw(this.scene(entry), table, this.device.now(), label);
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

  private animate(): void {
    this.moving = true;
    const frame = () => {
      const entry = this.entry();
      this.moving = entry !== null && this.isMoving(entry) && this.element.offsetParent !== null;
      if (!this.moving) return;
      this.drawMap(entry);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }
}

/** A row with its roles, which a style sheet that lays it out otherwise would take from it. */
function blankRow(): HTMLElement {
  const name = h("th", { scope: "row", role: "rowheader" });
  return h("tr", { role: "row" }, name, h("td", { role: "cell" }));
}

export function drawTable(
  table: HTMLTableElement,
  rows: readonly (readonly [string, string])[],
): void {
  show(table, rows.length > 0);
  if (table.rows.length !== rows.length) {
    replace(table, h("tbody", { role: "rowgroup" }, ...rows.map(blankRow)));
  }
  rows.forEach(([label, value], i) => {
    const cells = table.rows[i]!.cells;
    setText(cells[0]!, label);
    setText(cells[1]!, value);
  });
}
