/** What an operator wants to do, checked before it is proposed. Pure. */

import type { Key, Words } from "../common/words";

export type Action = "cancel" | "drill";

export interface DrillFields {
  readonly lat: number;
  readonly lon: number;
  readonly seconds: number;
  readonly magnitude: number;
}

const LIMITS: Readonly<Record<keyof DrillFields, readonly [number, number]>> = {
  lat: [-85, 85],
  lon: [-180, 180],
  seconds: [0, 120],
  magnitude: [4, 9],
};

/** Whether the word has been typed that each action asks for. */
export function isTyped(t: Words, action: Action, typed: string): boolean {
  return plain(typed.trim()) === plain(t(`send.word.${action}` as Key));
}

/** Without the differences that keyboards make: case, accents and dots, the hamza of an alif. */
function plain(word: string): string {
  const bare = word.normalize("NFD").replace(/[\u0300-\u036f\u064b-\u0655]/g, "");
  return bare.toUpperCase().replace(/[\u064a\u0649]/g, "\u06cc");
}

/** The numbers of a drill; null where one is missing or beyond what the server takes. */
export function drillFields(
  texts: Readonly<Record<keyof DrillFields, string>>,
): DrillFields | null {
  const found: Partial<Record<keyof DrillFields, number>> = {};
  for (const [name, [least, most]] of Object.entries(LIMITS)) {
    const key = name as keyof DrillFields;
    const value = Number(texts[key]);
    if (texts[key].trim() === "" || !(value >= least && value <= most)) return null;
    found[key] = value;
  }
  return found as DrillFields;
}

/** Hours and minutes of the Sun at a longitude, "03:20": near the time that people there have. */
export function solarTime(lon: number, now: number): string {
  return new Date(now + (lon / 15) * 3_600_000).toISOString().slice(11, 16);
}

/** Devices show no drill then. */
export function isNight(time: string): boolean {
  return time >= "21:00" || time < "08:00";
}
