/** A picture and the table that has the same; one of them is shown. */

import { h, setAttribute, setText, show } from "../../core/drawing/dom";
import type { Words } from "../common/words";

export class Panel {
  readonly element: HTMLElement;
  private readonly age = h("p", { class: "age" });
  private readonly toggle: HTMLButtonElement;
  asTable = false;

  /** tools: further buttons in the heading. */
  constructor(
    private readonly t: Words,
    id: string,
    title: string,
    private readonly picture: HTMLElement,
    private readonly table: HTMLElement,
    private readonly onToggle: () => void,
    tools: readonly HTMLElement[] = [],
  ) {
    this.toggle = h("button", { type: "button", class: "quiet", onclick: () => this.flip() });
    const heading = h("h2", { id: `${id}-title` }, title);
    const bar = h("div", { class: "bar" }, heading, this.age, ...tools, this.toggle);
    this.element = h(
      "section",
      { id, class: "panel", "aria-labelledby": `${id}-title` },
      bar,
      picture,
      table,
    );
    this.draw();
  }

  /** As of when the content is. */
  setAge(text: string): void {
    setText(this.age, text);
  }

  private flip(): void {
    this.asTable = !this.asTable;
    this.draw();
    this.onToggle();
  }

  private draw(): void {
    show(this.table, this.asTable);
    show(this.picture, !this.asTable);
    setText(this.toggle, this.t(this.asTable ? "show.figure" : "show.table"));
    setAttribute(this.toggle, "aria-pressed", `${this.asTable}`);
  }
}
