/** The messages, as a timeline or as a table. */

import { h } from "../../core/drawing/dom";
import { Table } from "../common/table";
import type { Words } from "../common/words";
import type { Board } from "../feed/board";
import type { MessageWire } from "../feed/wire";
import { MESSAGES } from "./columns";
import { Panel } from "./panel";
import { Timeline } from "./timeline";

export class MessagesPanel {
  private readonly panel: Panel;
  private readonly timeline: Timeline;
  private readonly table: Table<MessageWire>;
  private readonly none: HTMLElement;

  /** onToggle: it shows the other of the two. */
  constructor(
    t: Words,
    private readonly board: Board,
    onToggle: () => void,
  ) {
    this.none = h("p", { class: "none" }, t("messages.none"));
    this.timeline = new Timeline(t, t("table.messages"));
    this.table = new Table(t, t("table.messages"), MESSAGES, (row) => row.id, 0, true);
    const list = h("div", { class: "figure" }, this.none, this.timeline.element);
    const title = t("messages.title");
    this.panel = new Panel(t, "messages", title, list, this.table.element, onToggle);
  }

  get element(): HTMLElement {
    return this.panel.element;
  }

  draw(): void {
    const { messages } = this.board;
    this.none.hidden = messages.length > 0;
    this.timeline.draw(messages);
    if (this.panel.asTable) this.table.draw(messages);
  }
}
