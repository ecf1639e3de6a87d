/**
 * What a screen reader is told (clients.md 20), so that it is helped and not flooded:
 * at most one urgent text in four seconds, and at most six for one earthquake, unless it asks to
 * act.
 */

import type { Said } from "./effects";

export const APART_MS = 4000;
const MOST = 6;

export interface Told {
  text: string;
  said: Said;
  /** Key of the earthquake it is about; empty: of none. */
  quake: string;
  /** What of that earthquake it depends on (live_regions.ts). */
  aspect: string;
  /** It has a number of seconds in it, and is soon wrong. */
  counts: boolean;
}

export class Announcer {
  private last = -Infinity;
  private waiting: Told | null = null;
  private quake: string | null = null;
  private count = 0;

  /** The text is said when it is its turn; a newer one takes the place of one that waits. */
  urgent(told: Told): void {
    if (told.quake !== this.quake) this.count = 0;
    this.quake = told.quake;
    const asksToAct = told.said === "alert";
    if (asksToAct || this.count + (this.waiting === null ? 0 : 1) < MOST) this.waiting = told;
  }

  /** The text whose turn it is, if any. */
  take(now: number): Told | null {
    if (this.waiting === null || now - this.last < APART_MS) return null;
    const told = this.waiting;
    this.waiting = null;
    this.last = now;
    this.count += 1;
    return told;
  }
}
