/** A column of a table: what stands in a cell, and what a row is sorted by. */

import type { Key, Words } from "./words";

export interface Column<Row> {
  readonly name: Key;
  readonly text: (row: Row, t: Words) => string;
  /** Sorted by this; null goes last in both directions. Without: by the text. */
  readonly by?: (row: Row) => number | string | null;
  readonly kind?: "number" | "words";
  /** Whether it is in words of the server's or of other programs, which are English. */
  readonly english?: (row: Row) => boolean;
}

/** Rows in a column's order; equal ones stay as they were. */
export function sorted<Row>(
  t: Words,
  rows: readonly Row[],
  column: Column<Row>,
  down: boolean,
): Row[] {
  const by = column.by ?? ((row: Row) => column.text(row, t));
  return [...rows].sort((a, b) => {
    const [first, second] = [by(a), by(b)];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    const order = first < second ? -1 : Number(first > second);
    return down ? -order : order;
  });
}
