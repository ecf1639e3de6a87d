/** The page's texts. What servers and programs say beyond fixed words stays as it came. */

import english from "../../languages/en.toml?status";
import type { Slots } from "../../languages/language";
import { pageLanguage, pageText } from "../../languages/page_words";
import type { Tables } from "../../languages/table";

export type Key = keyof typeof english;
export const TEXTS: Tables<Key> = { en: english };

export interface Words {
  readonly language: string;
  (key: Key, slots?: Slots): string;
  /** What the server calls so, of a kind: in this language if it is known, else as it came. */
  readonly term: (kind: string, name: string) => string;
}

export function words(wanted: readonly string[]): Words {
  const language = pageLanguage(TEXTS, wanted);
  const t = (key: Key, slots: Slots = {}) => pageText(TEXTS, language, key, slots);
  const term = (kind: string, name: string) => {
    const key = `${kind}.${name}`;
    return key in TEXTS["en"]! ? t(key as Key) : name;
  };
  return Object.assign(t, { language, term });
}
