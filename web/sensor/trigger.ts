/**
 * Detects shaking in a phone's accelerometer: short-term against long-term average of the motion's energy.
 *
 * Pure: samples in, shakes out; a sample carries its own time. The phone must have lain still for
 * SETTLE_MS first. A shake is reported a second after it began, with its peak, unless the phone was
 * turned meanwhile: somebody has picked it up. Constants in m/s^2 and milliseconds.
 */

export interface Shake {
  /** When it began, on the clock of the samples. */
  ms: number;
  peak: number;
}

export type State = "settling" | "watching" | "shaking";

const SETTLE_MS = 10_000;
const GRAVITY_MS = 4_000;
const SHORT_MS = 300;
const LONG_MS = 20_000;
const MEASURE_MS = 1_000;
const HOLD_OFF_MS = 20_000;
const GAP_MS = 500;
/** Of energies: the motion grows threefold. */
const RATIO = 9;
const WEAKEST = 0.02;
/** No table moves so: the phone is in a hand or a pocket. */
const HANDLED = 0.5;
const TURNED_COS = Math.cos((4 * Math.PI) / 180);

type Vector = [number, number, number];

export class Trigger {
  private last = NaN;
  private calmSince = NaN;
  private quietUntil = -Infinity;
  private gravity: Vector = [0, 0, 0];
  private short = 0;
  private long = 0;
  private begun: (Shake & { gravity: Vector; sum: Vector; count: number }) | null = null;

  get state(): State {
    if (this.begun) return "shaking";
    return this.last - this.calmSince >= SETTLE_MS ? "watching" : "settling";
  }

  /** Acceleration with gravity. A shake, at the sample with which it is known. */
  feed(ms: number, x: number, y: number, z: number): Shake | null {
    const step = ms - this.last;
    if (!Number.isFinite(x + y + z) || step <= 0) return null;
    if (!(step <= GAP_MS)) return this.restart(ms, [x, y, z]);
    this.last = ms;
    const energy = this.energy(step, [x, y, z]);
    if (this.begun) return this.measure(ms, [x, y, z], energy);
    if (this.state === "settling" && energy > HANDLED ** 2) return this.restart(ms, [x, y, z]);
    this.short += share(step, SHORT_MS) * (energy - this.short);
    if (this.state === "watching" && this.isShake(ms)) this.begin(ms, energy);
    else this.long += share(step, Math.min(LONG_MS, ms - this.calmSince)) * (energy - this.long);
    return null;
  }

  private isShake(ms: number): boolean {
    return ms >= this.quietUntil && this.short > WEAKEST ** 2 && this.short > RATIO * this.long;
  }

  private begin(ms: number, energy: number): void {
    const peak = Math.sqrt(energy);
    this.begun = { ms, peak, gravity: [...this.gravity], sum: [0, 0, 0], count: 0 };
  }

  /** The peak, and which way is down in the second half of the time. */
  private measure(ms: number, a: Vector, energy: number): Shake | null {
    const begun = this.begun!;
    begun.peak = Math.max(begun.peak, Math.sqrt(energy));
    if (ms - begun.ms > MEASURE_MS / 2) {
      begun.sum = begun.sum.map((value, i) => value + a[i]!) as Vector;
      begun.count += 1;
    }
    if (ms - begun.ms < MEASURE_MS) return null;
    this.begun = null;
    this.quietUntil = ms + HOLD_OFF_MS;
    if (begun.count > 0 && cosine(begun.sum, begun.gravity) < TURNED_COS)
      return this.restart(ms, a);
    return { ms: begun.ms, peak: begun.peak };
  }

  /** Of the motion about the slow mean, which is gravity. */
  private energy(step: number, a: Vector): number {
    const left = a.map((value, i) => value - this.gravity[i]!) as Vector;
    const s = share(step, Math.min(GRAVITY_MS, Math.max(step, this.last - this.calmSince)));
    if (!this.begun) this.gravity = this.gravity.map((g, i) => g + s * left[i]!) as Vector;
    return left.reduce((sum, value) => sum + value * value, 0);
  }

  private restart(ms: number, a: Vector): null {
    this.last = this.calmSince = ms;
    this.gravity = a;
    this.short = this.long = 0;
    this.begun = null;
    return null;
  }
}

/** The weight of a sample in a recursive mean. */
function share(step: number, memory: number): number {
  return Math.min(1, step / Math.max(1, memory));
}

function cosine(a: Vector, b: Vector): number {
  const dot = a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  return dot / (Math.hypot(...a) * Math.hypot(...b) || 1);
}
