import type { Thresholds } from "./model";
/** What the person has chosen. Kept on this device only, and checked when read back. */

export const PROFILES = ["standard", "wheelchair", "seated", "bed", "driving", "outdoors"] as const;
export const SOUNDS = ["standard", "gentle", "off"] as const;
export const SPEECH = ["on", "off", "reader"] as const;
export const THEMES = ["system", "light", "dark"] as const;
export const TEXT_SIZES = ["auto", "large", "largest"] as const;
export const NOTICE_FROM = [3.5, 4, null] as const;
export const ALERT_FROM = [4, 5, 6] as const;

export type Profile = (typeof PROFILES)[number];

export interface Settings extends Thresholds {
  /** null: the device's language. */
  language: string | null;
  profile: Profile;
  sound: (typeof SOUNDS)[number];
  /** 0.4 to 1: no slider can silence a warning by accident. */
  volume: number;
  speech: (typeof SPEECH)[number];
  vibration: boolean;
  tick: boolean;
  theme: (typeof THEMES)[number];
  text: (typeof TEXT_SIZES)[number];
  awake: boolean;
}

export const DEFAULTS: Settings = {
  language: null,
  profile: "standard",
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
  };
}

function volume(value: unknown): number {
  return typeof value === "number" && value >= 0.4 && value <= 1 ? value : DEFAULTS.volume;
}
