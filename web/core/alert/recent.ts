/**
 * Earthquakes that were felt or shown here within the last ten minutes and have not been withdrawn.
 *
 * While there is one, nothing may say that there is no earthquake, that people are safe or that
 * they can carry on: a withdrawn alert is then described as one of two, and no drill begins. The
 * history counts as well, because a page may have been loaded again since.
 */

import type { Concurrent, Entry, Quake } from "./model";
import { isOneStation } from "./one_station";
import { end } from "./quake";

const RECENT_MS = 600_000;
/** MMI; from here the intensity is shown as III, felt by people at rest. */
const FELT_MMI = 2.5;

/** Times are server ms. */
interface Past {
  key: string;
  mode: string;
  shownLevel: number;
  mmi: number;
  began: number;
  until: number;
  single: boolean;
}

/**
 * The earthquake that was last received here and stands; only where there is none, the last drill,
 * such as the recorded earthquake of a demonstration.
 */
export function lastOf(history: readonly Entry[]): Entry | null {
  const located = history.filter((entry) => entry.sArrival !== undefined);
  const standing = located.filter((entry) => entry.outcome !== "cancelled");
  const drill = standing.find((entry) => entry.mode === "drill" && !entry.past);
  return standing.find((entry) => entry.mode === "actual") ?? drill ?? null;
}

/**
 * Whether another earthquake stands while this alert is withdrawn. A real one is not concerned by drills. What
 * was recent when the cancel came stays so, or the screen would turn to calming words by itself.
 */
export function concurrentOf(
  cancelled: Quake,
  quakes: readonly Quake[],
  history: readonly Entry[],
  now: number,
): Concurrent | null {
  const { key, message } = cancelled;
  const others = pasts(quakes, history).filter(
    (past) =>
      past.key !== key &&
      (past.mode === "actual" || message.mode === "drill") &&
      (past.shownLevel > 0 || past.mmi >= FELT_MMI) &&
      (isRecent(past, now) || isRecent(past, cancelled.since)),
  );
  if (others.length === 0) return null;
  const began = history.find((entry) => entry.key === key)?.received ?? message.iss;
  return others.some((past) => !past.single && past.began < began) ? "first" : "other";
}

/** Whether a real earthquake was shown here lately, or a real alert is on the screen. */
export function isRealLately(
  quakes: readonly Quake[],
  history: readonly Entry[],
  now: number,
): boolean {
  const shown = quakes.some(
    ({ message, phase }) => message.mode === "actual" && phase !== null && phase !== "after",
  );
  const real = (past: Past) => past.mode === "actual" && past.shownLevel > 0 && isRecent(past, now);
  return shown || pasts(quakes, history).some(real);
}

function isRecent(past: Past, now: number): boolean {
  return Math.abs(now - past.until) < RECENT_MS || (past.began <= now && now < past.until);
}

/** Of quakes and of the history, the latter where no quake is kept; none that was withdrawn. */
function pasts(quakes: readonly Quake[], history: readonly Entry[]): Past[] {
  const kept = new Set(quakes.map((quake) => quake.key));
  const older = history.filter((entry) => !kept.has(entry.key) && entry.mode !== undefined);
  return [
    ...quakes.filter((quake) => quake.takenBack !== "false").map((q) => ofQuake(q, history)),
    ...older.filter((entry) => entry.outcome !== "cancelled" && !entry.past).map(ofEntry),
  ];
}

function ofQuake(quake: Quake, history: readonly Entry[]): Past {
  const { key, message, forecast, level, phase } = quake;
  const entry = history.find((one) => one.key === key);
  return {
    ...{ key, mode: message.mode, single: isOneStation(message) },
    shownLevel: Math.max(quake.shownLevel, entry?.told ?? 0, phase === null ? 0 : level),
    mmi: forecast?.mmi ?? 0,
    began: entry?.received ?? message.iss,
    until: Math.max(end(quake), message.kind === "cancel" ? 0 : message.iss),
  };
}

function ofEntry(entry: Entry): Past {
  const { key, mode, told, mmi, received, issued, end: over, single } = entry;
  return {
    ...{ key, mode: mode ?? "", shownLevel: told ?? 0, mmi: mmi ?? 0, began: received },
    ...{ until: Math.max(over ?? 0, issued ?? 0, received), single: single ?? false },
  };
}
