/** When to connect again, and how. Pure. */

/** failed: attempts since something was received. events: what has been received came by events. */
export interface Attempts {
  readonly failed: number;
  readonly events: boolean;
}

export const FIRST: Attempts = { failed: 0, events: false };

/**
 * Many devices lose the same server at once; they must not all come back at once. With 30 s between
 * two attempts, 10,000 of them are 333 connections a second, which a gateway admits.
 */
const WAIT_MS = { first: 5000, most: 30_000 };
/** WebSockets that must fail before server-sent events are tried. */
const FAILURES = 2;

/** Whether the next attempt is by server-sent events: where WebSockets fail, every other one is. */
export function isByEvents({ failed, events }: Attempts): boolean {
  return (events || failed >= FAILURES) && failed % 2 === 0;
}

/** After an attempt that has ended. */
export function after(attempts: Attempts, received: boolean): Attempts {
  if (received) return { failed: 0, events: isByEvents(attempts) };
  return { ...attempts, failed: attempts.failed + 1 };
}

/**
 * Milliseconds to wait: a random share of a time that doubles with each failure.
 *
 * hint: what the server has asked for before a planned restart. random: 0 to 1.
 */
export function waitMs({ failed }: Attempts, hint: number | null, random: number): number {
  if (hint !== null) return Math.min(WAIT_MS.most, hint);
  return random * Math.min(WAIT_MS.most, WAIT_MS.first * 2 ** Math.max(0, failed - 1));
}

/** The wait in the reason of a close frame, "retry 3500". */
export function hintOf(reason: string): number | null {
  const found = /^retry (\d{1,6})$/.exec(reason);
  return found ? Number(found[1]) : null;
}
