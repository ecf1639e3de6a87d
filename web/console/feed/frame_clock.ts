/**
 * The server's time between two frames. It may stand still or run at another pace (a replay), so the
 * pace of the last frames goes on until the next one comes, at most for LONGEST_MS.
 */

const LONGEST_MS = 1500;

export class FrameClock {
  private now = 0;
  private at = 0;
  private pace = 1;

  /** A frame of this server time (ms) has come at this steady time (ms). */
  frame(now: number, at: number): void {
    const passed = at - this.at;
    if (this.at > 0 && passed > 50) {
      const pace = (now - this.now) / passed;
      const steady = pace >= 0 && pace < 200;
      this.pace = steady ? (pace < 0.05 ? 0 : this.pace * 0.7 + pace * 0.3) : 1;
    }
    this.now = now;
    this.at = at;
  }

  /** The server time, ms. */
  time(at: number): number {
    return this.now + Math.min(LONGEST_MS, Math.max(0, at - this.at)) * this.pace;
  }

  /** Milliseconds since the last frame. */
  age(at: number): number {
    return this.at === 0 ? Number.POSITIVE_INFINITY : at - this.at;
  }
}
