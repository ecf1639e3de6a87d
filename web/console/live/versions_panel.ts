/** The versions of the solutions of all events. */

import { h } from "../../core/drawing/dom";
import { Table } from "../common/table";
import type { Words } from "../common/words";
import type { Board } from "../feed/board";
import { VERSIONS, type VersionRow, versionRows } from "./columns";

export class VersionsPanel {
  readonly element: HTMLElement;
  private readonly table: Table<VersionRow>;

  constructor(
    t: Words,
    private readonly board: Board,
  ) {
    const key = ({ event, version }: VersionRow) => `${event}.${version.n}`;
    this.table = new Table(t, t("table.versions"), VERSIONS, key, 0, true);
    const title = h("h2", { id: "versions-title" }, t("versions.title"));
    this.element = h(
      "section",
      { id: "versions", class: "panel", "aria-labelledby": "versions-title" },
      h("div", { class: "bar" }, title),
      this.table.element,
    );
  }

  drawTable(): void {
    this.element.hidden = this.board.events.length === 0;
    this.table.draw(versionRows(this.board.events));
  }
}
