/** Keeps the screen on. Browsers give the lock back when the page is hidden, so it is renewed. */

export class WakeLock {
  private wanted = false;
  private lock: WakeLockSentinel | null = null;

  constructor() {
    document.addEventListener("visibilitychange", () => this.renew());
  }

  want(wanted: boolean): void {
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    this.renew();
  }

  private renew(): void {
    if (!this.wanted) {
      void this.lock?.release();
      this.lock = null;
      return;
    }
    if (!("wakeLock" in navigator) || document.visibilityState !== "visible") return;
    // Refused on an insecure connection or a low battery: the screen then does as it always does.
    navigator.wakeLock.request("screen").then(
      (lock) => (this.lock = lock),
      () => (this.lock = null),
    );
  }
}
