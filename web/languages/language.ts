/** The texts of the warning pages. English is the model for the other languages' keys. */

import english from "./en.toml?pages";
import { decimal, withDigits } from "./numerals";
import { direction, type Tables } from "./table";

export type Key = keyof typeof english;
export type Texts = Readonly<Record<Key, string>>;

/** By language: English, and what has been fetched since. */
export const TEXTS: Tables<Key> = { en: english };

export type Slots = { readonly [name: string]: string | number };

export interface Translate {
  (key: Key, slots?: Slots): string;
  /** A number or a time of day in the digits of the language. */
  readonly digits: (value: string | number) => string;
  /** A number with so many decimals. */
  readonly decimal: (value: number, places: number) => string;
  /** What may read from the left stays together in a language that reads from the right. */
  readonly isolated: (text: string) => string;
}

/** In English as long as the texts of the language are not known. */
export function translator(code: string): Translate {
  return translation(TEXTS[code] ?? english, code);
}

/** By these texts, which may be those of an older page: what they lack is English. */
export function translation(texts: Partial<Texts>, code: string): Translate {
  const fill = filler(code);
  // The build leaves texts of the second script out of the first one: never fail for want of one.
  const t = (key: Key, slots: Slots = {}) => fill(texts[key] ?? english[key] ?? "", slots);
  return Object.assign(t, {
    digits: (value: string | number) => withDigits(value, code),
    decimal: (value: number, places: number) => decimal(value, places, code),
    isolated: isolator(code),
  });
}

/** Fills the holes of a text. */
export function filler(code: string): (text: string, slots: Slots) => string {
  const isolated = isolator(code);
  return (text, slots) =>
    text.replace(/\{(\w+)\}/g, (hole, name: string) => {
      const value = slots[name] ?? hole;
      return typeof value === "number" ? withDigits(value, code) : isolated(value);
    });
}

/** By Unicode's own marks: they work in notifications and for screen readers too. */
function isolator(code: string): (text: string) => string {
  return direction(code) === "rtl" ? (text) => `\u2068${text}\u2069` : (text) => text;
}
