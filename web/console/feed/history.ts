/**
 * The intensity of every station in the last minutes, in equal steps of time: a ring of bytes, so
 * that its size never grows. A byte has tenths of MMI; 0: not felt, or not known.
 */

export const STEP_MS = 500;
export const STEPS = 240;

export class History {
  /** By station, then by step. */
  readonly tenths: Uint8Array;
  /** The number of the newest step since 1970; -1: none yet. */
  newest = -1;

  constructor(readonly stations: number) {
    this.tenths = new Uint8Array(stations * STEPS);
  }

  /** The levels (MMI or null) as they are at `now` (ms). Steps that were left out repeat them. */
  note(now: number, levels: (row: number) => number | null): boolean {
    const step = Math.floor(now / STEP_MS);
    if (this.newest >= 0 && step < this.newest) this.restart();
    if (step === this.newest) return false;
    const first = this.newest < 0 ? step : Math.max(this.newest + 1, step - STEPS + 1);
    for (let row = 0; row < this.stations; row++) {
      const level = levels(row);
      const value = level === null ? 0 : Math.min(255, Math.round(level * 10));
      for (let at = first; at <= step; at++) this.tenths[row * STEPS + (at % STEPS)] = value;
    }
    this.newest = step;
    return true;
  }

  /** The server's clock went back: what was before is no history of what comes. */
  private restart(): void {
    this.tenths.fill(0);
    this.newest = -1;
  }
}
