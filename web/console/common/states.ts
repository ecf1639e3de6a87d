/** What a station's or a source's state means, and what to do about it. */

import type { Words } from "./words";

/** The worst first. */
export const STATION_STATES: readonly string[] = [
  "never",
  "silent",
  "misplaced",
  "unusable",
  "gain",
  "calibrating",
  "stuck",
  "changed",
  "clock",
  "clipped",
  "late",
  "gappy",
  "noisy",
  "good",
];
export const SOURCE_STATES: readonly string[] = ["lost", "connecting", "idle", "live"];

/** -1, before all others: a state that only a later version knows. */
export function stationRank(state: string): number {
  return STATION_STATES.indexOf(state);
}

export function stationAdvice(t: Words, state: string): string {
  const known = state !== "good" && STATION_STATES.includes(state);
  return known ? t.term("advice", state) : "";
}

export function sourceRank(state: string): number {
  return SOURCE_STATES.indexOf(state);
}
