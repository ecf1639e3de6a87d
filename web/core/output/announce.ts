/**
 * What a screen reader is given to read (clients.md 20), so that it is helped and not flooded:
 * at most one urgent text in four seconds, and at most six for one earthquake. What asks to act,
 * or takes that back, waits for nothing and gives way to nothing.
 */

import type { Utterance } from "../alert/effects";

export const APART_MS = 4000;
const MOST = 6;
const PRESSING: readonly Utterance[] = ["alert", "late", "cancelled", "lowered"];

export interface Announcement {
  text: string;
  utterance: Utterance;
  /** Key of the earthquake it is about; empty: of none. */
  quake: string;
  /** What of that earthquake it depends on (live_regions.ts). */
  aspect: string;
  /** It has a number of seconds in it, and is soon wrong. */
  counts: boolean;
}

export class Announcer {
  private last = -Infinity;
  private waiting: Announcement | null = null;
  private quake: string | null = null;
  private count = 0;

  /** The text is announced when it is its turn; a newer one replaces one that waits. */
  urgent(announcement: Announcement): void {
    if (announcement.quake !== this.quake) this.count = 0;
    this.quake = announcement.quake;
    if (isPressing(announcement)) this.waiting = announcement;
    else if (this.waiting !== null && isPressing(this.waiting)) return;
    else if (this.count + (this.waiting === null ? 0 : 1) < MOST) this.waiting = announcement;
  }

  /** The text whose turn it is, if any. */
  take(now: number): Announcement | null {
    if (this.waiting === null) return null;
    if (!isPressing(this.waiting) && now - this.last < APART_MS) return null;
    const announcement = this.waiting;
    this.waiting = null;
    this.last = now;
    this.count += 1;
    return announcement;
  }
}

function isPressing({ utterance }: Announcement): boolean {
  return PRESSING.includes(utterance);
}
