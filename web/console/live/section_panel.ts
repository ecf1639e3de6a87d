/** The record section, and the table of its stations. */

import { h, setAttribute } from "../../core/drawing/dom";
import { Table } from "../common/table";
import type { Words } from "../common/words";
import type { Board } from "../feed/board";
import { Section, type SectionShown } from "../section/section";
import { LIVE_STATIONS, type StationRow, stationRows } from "./columns";
import { Panel } from "./panel";

export class SectionPanel {
  private readonly panel: Panel;
  private readonly section = new Section();
  private readonly stations: Table<StationRow>;

  /** onToggle: it shows the other of picture and table. */
  constructor(
    private readonly t: Words,
    private readonly board: Board,
    onToggle: () => void,
  ) {
    const title = t("section.title");
    this.stations = new Table(t, title, LIVE_STATIONS, ({ station }) => station.code, 3);
    const { canvas } = this.section;
    setAttribute(canvas, "role", "img");
    canvas.className = "section";
    const figure = h("div", { class: "figure" }, canvas);
    this.panel = new Panel(t, "section", title, figure, this.stations.element, onToggle);
  }

  get element(): HTMLElement {
    return this.panel.element;
  }

  get asTable(): boolean {
    return this.panel.asTable;
  }

  draw(shown: Omit<SectionShown, "board" | "label">): void {
    const label = (n: number, ofOrigin: boolean) =>
      this.t(ofOrigin ? "section.after" : "section.before", { n });
    this.section.draw({ ...shown, board: this.board, label });
  }

  drawTexts(): void {
    this.panel.setAge(this.t(this.board.main ? "section.axis" : "section.axis.none"));
    setAttribute(this.section.canvas, "aria-label", this.t("section.label"));
  }

  drawTable(): void {
    if (this.asTable) this.stations.draw(stationRows(this.board));
  }
}
