/** The columns of the tables of health. */

import type { Column } from "../common/column";
import { clockTime, counted, gal, seconds, share, UNKNOWN } from "../common/figures";
import { sourceRank, stationAdvice, stationRank } from "../common/states";
import type { Words } from "../common/words";
import type { Source, Stage, Station } from "./report";

export const STATIONS: readonly Column<Station>[] = [
  { name: "column.station", text: (s) => s.code },
  {
    name: "column.state",
    text: (s, t) => t.term("station", s.state),
    by: (s) => stationRank(s.state),
  },
  { name: "column.counts", text: (s, t) => t(s.counts ? "yes" : "no") },
  {
    name: "column.latency",
    text: (s, t) => seconds(t, s.latency),
    by: (s) => s.latency,
    kind: "number",
  },
  { name: "column.heard", text: (s, t) => ago(t, s.quiet), by: (s) => s.quiet, kind: "number" },
  { name: "column.noise", text: (s) => gal(s.noise_ms2), by: (s) => s.noise_ms2, kind: "number" },
  { name: "column.usual", text: (s) => gal(s.usual_ms2), by: (s) => s.usual_ms2, kind: "number" },
  { name: "column.well", text: (s) => share(s.well), by: (s) => s.well, kind: "number" },
  { name: "column.picks", text: (s) => `${s.picks}`, by: (s) => s.picks, kind: "number" },
  {
    name: "column.refused",
    text: (s, t) => counted(t, s.dropped),
    by: (s) => sum(s.dropped),
    english: named,
  },
  { name: "column.do", text: (s, t) => stationAdvice(t, s.state), kind: "words" },
];

export const SOURCES: readonly Column<Source>[] = [
  { name: "column.source", text: (s) => s.source },
  {
    name: "column.state",
    text: (s, t) => t.term("source", s.state),
    by: (s) => sourceRank(s.state),
  },
  { name: "column.since", text: (s) => clockTime(s.since), by: (s) => s.since },
  { name: "column.why", text: (s) => s.reason, kind: "words", english: () => true },
  { name: "column.packets", text: (s) => `${s.packets}`, by: (s) => s.packets, kind: "number" },
  { name: "column.waiting", text: (s) => `${s.waiting}`, by: (s) => s.waiting, kind: "number" },
  {
    name: "column.connected",
    text: (s, t) => times(t, s.connections),
    by: (s) => s.connections,
    kind: "number",
  },
  {
    name: "column.lost",
    text: (s, t) => counted(t, s.dropped),
    by: (s) => sum(s.dropped),
    english: named,
  },
];

export const STAGES: readonly Column<Stage>[] = [
  { name: "column.stage", text: (s, t) => t.term("stage", s.stage) },
  { name: "column.what", text: (s, t) => what(t, s), kind: "words" },
  { name: "column.half", text: (s, t) => seconds(t, s.p50), by: (s) => s.p50, kind: "number" },
  { name: "column.most", text: (s, t) => seconds(t, s.p99), by: (s) => s.p99, kind: "number" },
  {
    name: "column.longest",
    text: (s, t) => longest(t, s),
    by: (s) => s.counts.largest,
    kind: "number",
  },
  {
    name: "column.counted",
    text: (s) => `${s.counts.count}`,
    by: (s) => s.counts.count,
    kind: "number",
  },
];

export const DROPS: readonly Column<readonly [string, number]>[] = [
  { name: "column.reason", text: ([reason]) => reason, english: () => true },
  { name: "column.times", text: ([, n]) => `${n}`, by: ([, n]) => n, kind: "number" },
];

function ago(t: Words, value: number | null): string {
  return value === null ? t("ago.never") : t("ago", { time: seconds(t, value) });
}

/** The server's own text, for a stage that only a later version knows. */
function what(t: Words, stage: Stage): string {
  const text = t.term("what", stage.stage);
  return text === stage.stage ? stage.what : text;
}

/** Whether reasons are named that were counted. */
function named(row: { readonly dropped: Readonly<Record<string, number>> }): boolean {
  return sum(row.dropped) > 0;
}

function longest(t: Words, stage: Stage): string {
  return stage.counts.count ? seconds(t, stage.counts.largest) : UNKNOWN;
}

function times(t: Words, n: number): string {
  return n === 1 ? t("once") : t("times", { n });
}

function sum(table: Readonly<Record<string, number>>): number {
  return Object.values(table).reduce((a, b) => a + b, 0);
}
