/** The texts of the warning pages. English is the model for the other languages' keys. */

import english from "./en.toml?pages";
import type { Tables } from "./table";

export type Key = keyof typeof english;
export type Texts = Readonly<Record<Key, string>>;

/** By language: English, and what has been fetched since. */
export const TEXTS: Tables<Key> = { en: english };

export type Slots = { readonly [name: string]: string | number };
export type Translate = (key: Key, slots?: Slots) => string;

/** In English as long as the texts of the language are not known. */
export function translator(code: string): Translate {
  return translation(TEXTS[code] ?? english);
}

/** By these texts, which may be those of an older page: what they lack is English. */
export function translation(texts: Partial<Texts>): Translate {
  return (key, slots = {}) =>
    (texts[key] ?? english[key]).replace(/\{(\w+)\}/g, (hole, name: string) =>
      String(slots[name] ?? hole),
    );
}
