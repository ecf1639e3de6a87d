/** A table of facts, a label and a value in each row. */

import { h, replace, setText, show } from "./dom";

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
