/**
 * What a screen reader is told (clients.md 20), so that it is helped and not flooded:
 * at most one urgent text in four seconds, and at most six for one earthquake, unless it asks to
 * act.
 */

const APART_MS = 4000;
const MOST = 6;

export class Announcer {
  private last = -Infinity;
  private waiting: string | null = null;
  private quake: string | null = null;
  private count = 0;

  /** The text is said when it is its turn; a newer one takes the place of one that waits. */
  urgent(text: string, quake: string, asksToAct = false): void {
    if (quake !== this.quake) this.count = 0;
    this.quake = quake;
    if (asksToAct || this.count + (this.waiting === null ? 0 : 1) < MOST) this.waiting = text;
  }

  /** The text whose turn it is, if any. */
  take(now: number): string | null {
    if (this.waiting === null || now - this.last < APART_MS) return null;
    const text = this.waiting;
    this.waiting = null;
    this.last = now;
    this.count += 1;
    return text;
  }
}
