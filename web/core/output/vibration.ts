/** Patterns of touch (clients.md 19), in ms on, off, on, ... None is the cadence of WEA. */

import type { SoundId } from "../alert/effects";

const repeat = (pattern: readonly number[], times: number): readonly number[] =>
  ([] as number[]).concat(...Array.from({ length: times }, () => pattern));

export const PATTERNS: Readonly<Record<SoundId, readonly number[]>> = {
  S3: repeat([900, 150, 300, 150, 300, 400], 4),
  S2: repeat([500, 250, 500, 900], 3),
  S1: [180],
  SC: [120, 120, 120, 120, 120, 600, 1200],
  SP: [1500],
  SD: repeat([250, 750], 4),
};

export const TICK: readonly number[] = [80];

export function canVibrate(): boolean {
  return typeof navigator.vibrate === "function" && navigator.maxTouchPoints > 0;
}

/** Browsers stay still until the person has touched the page once; that is not an error. */
export function vibrate(pattern: readonly number[]): void {
  if (typeof navigator.vibrate === "function") navigator.vibrate([...pattern]);
}

export function stopVibrating(): void {
  vibrate([]);
}
