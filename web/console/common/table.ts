/** A table that people sort by its headings; drawn anew, it keeps its order, focus and selection. */

import { h, setAttribute, setText, show } from "../../core/drawing/dom";
import { type Column, sorted } from "./column";
import type { Words } from "./words";

const SOME = 100;

export class Table<Row> {
  readonly element: HTMLElement;
  private readonly body = h("tbody");
  private readonly headings: HTMLTableCellElement[];
  private readonly more: HTMLButtonElement;
  private readonly rows = new Map<string, HTMLTableRowElement>();
  private last: readonly Row[] = [];
  private all = false;

  constructor(
    private readonly t: Words,
    caption: string,
    private readonly columns: readonly Column<Row>[],
    private readonly key: (row: Row) => string,
    private by = 0,
    private down = false,
  ) {
    this.headings = columns.map((column, at) => this.heading(column, at));
    this.more = h("button", { type: "button", onclick: () => this.showAll() });
    const table = h(
      "table",
      {},
      h("caption", {}, caption),
      h("thead", {}, h("tr", {}, ...this.headings)),
      this.body,
    );
    const frame = { class: "frame", tabindex: 0, role: "region", "aria-label": caption };
    this.element = h("div", {}, h("div", frame, table), this.more);
  }

  draw(rows: readonly Row[]): void {
    this.last = rows;
    const order = sorted(this.t, rows, this.columns[this.by]!, this.down);
    const shown = this.all ? order : order.slice(0, SOME);
    const keys = new Set(shown.map(this.key));
    for (const [key, row] of this.rows)
      if (!keys.has(key)) {
        row.remove();
        this.rows.delete(key);
      }
    shown.forEach((row, at) => {
      this.place(row, at);
    });
    setText(this.more, this.t("show-all", { n: rows.length }));
    show(this.more, shown.length < rows.length);
  }

  /** The row's element, at its place; moved only where it stands elsewhere. */
  private place(row: Row, at: number): void {
    const key = this.key(row);
    const element = this.rows.get(key) ?? this.blank();
    this.rows.set(key, element);
    this.columns.forEach((column, n) => {
      setText(element.cells[n]!, column.text(row, this.t));
      if (this.t.language !== "en")
        setAttribute(element.cells[n]!, "lang", column.english?.(row) ? "en" : null);
    });
    if (this.body.rows[at] !== element) this.body.insertBefore(element, this.body.rows[at] ?? null);
  }

  private blank(): HTMLTableRowElement {
    const [first, ...others] = this.columns;
    const cells = others.map((column) => h("td", { class: column.kind ?? null }));
    return h("tr", {}, h("th", { scope: "row", class: first!.kind ?? null }), ...cells);
  }

  private heading(column: Column<Row>, at: number): HTMLTableCellElement {
    const button = h(
      "button",
      { type: "button", onclick: () => this.sort(at) },
      this.t(column.name),
    );
    const cell = h("th", { scope: "col", class: column.kind ?? null }, button);
    setAttribute(cell, "aria-sort", this.order(at));
    return cell;
  }

  private sort(at: number): void {
    this.down = at === this.by && !this.down;
    this.by = at;
    this.headings.forEach((cell, n) => {
      setAttribute(cell, "aria-sort", this.order(n));
    });
    this.draw(this.last);
  }

  private order(at: number): string | null {
    if (at !== this.by) return null;
    return this.down ? "descending" : "ascending";
  }

  private showAll(): void {
    this.all = true;
    this.draw(this.last);
  }
}
