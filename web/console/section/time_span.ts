/** Which time the record section shows. */

/** Before the origin, so that the noise is seen too. */
const BEFORE_MS = 10_000;
/** Of an event at its beginning: what the waves are about to reach is seen as well. */
const LEAST_MS = 60_000;

export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * From shortly before the origin on, a minute at least; without an event, or when it began long
 * ago, the last `most` ms. origin, now: server ms.
 */
export function timeSpan(origin: number | null, now: number, most: number): TimeSpan {
  if (origin === null) return { from: now - most, to: now };
  const from = Math.max(now - most, Math.min(now, origin - BEFORE_MS));
  return { from, to: Math.max(now, from + LEAST_MS) };
}
