import type { Thresholds } from "./model";
/** What the person has chosen. Kept on this device only, and checked when read back. */

export const PROFILES = ["standard", "wheelchair", "seated", "bed", "driving", "outdoors"] as const;
/** Of a while only: chosen by one touch, and over by itself. */
export const QUICK = ["driving", "outdoors"] as const;
export const QUICK_MS = 4 * 3_600_000;
/** When a reminder of the monthly drill may come: never at night. */
export const REMIND_HOURS = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20] as const;
export const REMIND_DAYS = [1, 5, 10, 15, 20, 25] as const;
export const SOUNDS = ["standard", "gentle", "off"] as const;
export const SPEECH = ["on", "off", "reader"] as const;
export const THEMES = ["system", "light", "dark"] as const;
export const TEXT_SIZES = ["auto", "large", "largest"] as const;
export const NOTICE_FROM = [3.5, 4, null] as const;
/** In which scale an intensity is shown; auto: as people of the place know it (words/scales.ts). */
export const SCALES = ["auto", "mmi", "jma", "gb", "cwa", "ems"] as const;
export const ALERT_FROM = [4, 5, 6] as const;

export type ScaleName = Exclude<(typeof SCALES)[number], "auto">;
export type Profile = (typeof PROFILES)[number];

export interface Monthly {
  day: (typeof REMIND_DAYS)[number];
  hour: (typeof REMIND_HOURS)[number];
}

export interface Settings extends Thresholds {
  /** null: the device's language. */
  language: string | null;
  profile: Profile;
  /** What the person is doing now, until then (device ms). */
  quick: (typeof QUICK)[number] | null;
  quickUntil: number;
  scale: (typeof SCALES)[number];
  sound: (typeof SOUNDS)[number];
  /** 0.4 to 1: no slider can silence a warning by accident. */
  volume: number;
  speech: (typeof SPEECH)[number];
  vibration: boolean;
  tick: boolean;
  theme: (typeof THEMES)[number];
  text: (typeof TEXT_SIZES)[number];
  awake: boolean;
  /** Warn also for where the device is, roughly; the position stays on it. */
  follow: boolean;
  /** Reminder of the monthly drill; null: none. */
  monthly: Monthly | null;
}

export const DEFAULTS: Settings = {
  language: null,
  profile: "standard",
  quick: null,
  quickUntil: 0,
  scale: "auto",
  noticeFrom: 3.5,
  alertFrom: 5,
  sound: "standard",
  volume: 1,
  speech: "on",
  vibration: true,
  tick: false,
  theme: "system",
  text: "auto",
  awake: false,
  follow: false,
  monthly: null,
};

/** Settings from whatever was stored: a value that is not allowed becomes the default. */
export function readSettings(stored: unknown): Settings {
  const given = (typeof stored === "object" && stored !== null ? stored : {}) as Partial<Settings>;
  const allowed = <T>(value: unknown, values: readonly T[], other: T): T =>
    values.includes(value as T) ? (value as T) : other;
  const flag = (value: unknown, other: boolean) => (typeof value === "boolean" ? value : other);
  return {
    language: typeof given.language === "string" ? given.language : null,
    profile: allowed(given.profile, PROFILES, DEFAULTS.profile),
    quick: allowed<Settings["quick"]>(given.quick, QUICK, null),
    quickUntil: typeof given.quickUntil === "number" ? given.quickUntil : 0,
    scale: allowed(given.scale, SCALES, DEFAULTS.scale),
    noticeFrom: allowed(given.noticeFrom, NOTICE_FROM, DEFAULTS.noticeFrom as 3.5),
    alertFrom: allowed(given.alertFrom, ALERT_FROM, DEFAULTS.alertFrom as 5),
    sound: allowed(given.sound, SOUNDS, DEFAULTS.sound),
    volume: volume(given.volume),
    speech: allowed(given.speech, SPEECH, DEFAULTS.speech),
    vibration: flag(given.vibration, DEFAULTS.vibration),
    tick: flag(given.tick, DEFAULTS.tick),
    theme: allowed(given.theme, THEMES, DEFAULTS.theme),
    text: allowed(given.text, TEXT_SIZES, DEFAULTS.text),
    awake: flag(given.awake, DEFAULTS.awake),
    monthly: monthly(given.monthly),
    follow: flag(given.follow, DEFAULTS.follow),
  };
}

/** What to do in an alert follows from this. now: device ms. */
export function profileNow({ profile, quick, quickUntil }: Settings, now: number): Profile {
  return quick !== null && now < quickUntil ? quick : profile;
}

function monthly(value: unknown): Monthly | null {
  const { day, hour } = (value ?? {}) as Monthly;
  return REMIND_DAYS.includes(day) && REMIND_HOURS.includes(hour) ? { day, hour } : null;
}

function volume(value: unknown): number {
  return typeof value === "number" && value >= 0.4 && value <= 1 ? value : DEFAULTS.volume;
}
