/** AUDIT: the last lines of the log, as the server has them, and whether each follows the other. */

import { h, replace, setText, show } from "../../core/drawing/dom";
import type { Column } from "../common/column";
import { Table } from "../common/table";
import type { Words } from "../common/words";
import type { AuditLine, Operator } from "./operator";

const POLL_MS = 5_000;
const KNOWN = ["time", "what", "who", "before"];

interface Row {
  readonly n: number;
  readonly line: AuditLine;
}

const AUDIT: readonly Column<Row>[] = [
  { name: "column.time", text: ({ line }) => line.time, by: ({ n }) => n },
  { name: "column.who", text: ({ line }) => line.who ?? "" },
  { name: "column.action", text: ({ line }) => line.what, english: () => true },
  { name: "column.details", text: ({ line }) => details(line), kind: "words", english: () => true },
];

export class AuditView {
  readonly element: HTMLElement;
  private readonly whole = h("p", { class: "whole" });
  private readonly table: Table<Row>;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly t: Words,
    private readonly operator: Operator,
  ) {
    this.table = new Table(t, t("table.audit"), AUDIT, ({ n }) => `${n}`, 0, true);
    this.element = h("div", {});
    replace(this.element, h("h2", {}, t("audit.title")), this.whole, this.table.element);
  }

  open(): void {
    if (this.timer !== null) return;
    const poll = async () => {
      await this.draw();
      if (this.timer !== null) this.timer = setTimeout(() => void poll(), POLL_MS);
    };
    this.timer = setTimeout(() => void poll(), 0);
  }

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private async draw(): Promise<void> {
    const { t } = this;
    const audit = this.operator.isIn ? await this.operator.audit() : null;
    show(this.table.element, audit !== null);
    if (!audit) return setText(this.whole, t("audit.login"));
    this.table.draw(audit.lines.map((line, n) => ({ n, line })));
    const hash = audit.head.slice(0, 16);
    setText(
      this.whole,
      audit.broken
        ? t("audit.broken", { n: audit.broken })
        : t("audit.whole", { n: audit.lines.length, hash }),
    );
    this.whole.dataset["whole"] = `${audit.broken === 0}`;
  }
}

/** What else a line has: "id p1, action cancel". */
export function details(line: AuditLine): string {
  return Object.entries(line)
    .filter(([name]) => !KNOWN.includes(name))
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}
