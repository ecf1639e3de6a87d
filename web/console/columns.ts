/** The columns of each table: what stands in a cell, and what a row is sorted by. */

import { UNKNOWN, clockTime, counted, gal, seconds, share } from "./figures";
import type { Source, Stage, Station } from "./report";
import { sourceRank, stationAdvice, stationRank } from "./states";

export interface Column<Row> {
  readonly name: string;
  readonly text: (row: Row) => string;
  /** Sorted by this; null goes last in both directions. Without: by the text. */
  readonly by?: (row: Row) => number | string | null;
  readonly kind?: "number" | "words";
}

export const STATIONS: readonly Column<Station>[] = [
  { name: "Station", text: (s) => s.code },
  { name: "State", text: (s) => s.state, by: (s) => stationRank(s.state) },
  { name: "Silence counts", text: (s) => (s.counts ? "yes" : "no") },
  { name: "Latency", text: (s) => seconds(s.latency), by: (s) => s.latency, kind: "number" },
  { name: "Last heard", text: (s) => ago(s.quiet), by: (s) => s.quiet, kind: "number" },
  { name: "Noise, gal", text: (s) => gal(s.noise_ms2), by: (s) => s.noise_ms2, kind: "number" },
  { name: "Usually, gal", text: (s) => gal(s.usual_ms2), by: (s) => s.usual_ms2, kind: "number" },
  { name: "Good lately", text: (s) => share(s.well), by: (s) => s.well, kind: "number" },
  { name: "Picks", text: (s) => `${s.picks}`, by: (s) => s.picks, kind: "number" },
  { name: "Refused", text: (s) => counted(s.dropped), by: (s) => sum(s.dropped) },
  { name: "What to do", text: (s) => stationAdvice(s.state), kind: "words" },
];

export const SOURCES: readonly Column<Source>[] = [
  { name: "Source", text: (s) => s.source },
  { name: "State", text: (s) => s.state, by: (s) => sourceRank(s.state) },
  { name: "Since", text: (s) => clockTime(s.since), by: (s) => s.since },
  { name: "Why", text: (s) => s.reason, kind: "words" },
  { name: "Packets", text: (s) => `${s.packets}`, by: (s) => s.packets, kind: "number" },
  { name: "Waiting", text: (s) => `${s.waiting}`, by: (s) => s.waiting, kind: "number" },
  { name: "Connected", text: (s) => times(s.connections), by: (s) => s.connections, kind: "number" },
  { name: "Lost or refused", text: (s) => counted(s.dropped), by: (s) => sum(s.dropped) },
];

export const STAGES: readonly Column<Stage>[] = [
  { name: "Stage", text: (s) => s.stage },
  { name: "What", text: (s) => s.what, kind: "words" },
  { name: "Half within", text: (s) => seconds(s.p50), by: (s) => s.p50, kind: "number" },
  { name: "99 % within", text: (s) => seconds(s.p99), by: (s) => s.p99, kind: "number" },
  { name: "Longest", text: longest, by: (s) => s.counts.largest, kind: "number" },
  { name: "Counted", text: (s) => `${s.counts.count}`, by: (s) => s.counts.count, kind: "number" },
];

export const DROPS: readonly Column<readonly [string, number]>[] = [
  { name: "Reason", text: ([reason]) => reason },
  { name: "Times", text: ([, n]) => `${n}`, by: ([, n]) => n, kind: "number" },
];

/** Rows in a column's order; equal ones stay as they were. */
export function sorted<Row>(rows: readonly Row[], column: Column<Row>, down: boolean): Row[] {
  const by = column.by ?? column.text;
  return [...rows].sort((a, b) => {
    const [first, second] = [by(a), by(b)];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    const order = first < second ? -1 : Number(first > second);
    return down ? -order : order;
  });
}

function ago(value: number | null): string {
  return value === null ? "never" : `${seconds(value)} ago`;
}

function longest(stage: Stage): string {
  return stage.counts.count ? seconds(stage.counts.largest) : UNKNOWN;
}

function times(n: number): string {
  return n === 1 ? "once" : `${n} times`;
}

function sum(table: Readonly<Record<string, number>>): number {
  return Object.values(table).reduce((a, b) => a + b, 0);
}
