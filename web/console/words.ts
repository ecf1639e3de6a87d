/** The page's texts. What servers and programs say beyond fixed words stays as it came. */

import type en from "../languages/en/status.json";
import type { Slots } from "../languages/language";
import { pageLanguage, pageText } from "../languages/page_words";
import { tables } from "../languages/table";

export type Key = keyof typeof en;
export const TEXTS = tables<Key>(
  import.meta.glob<Record<Key, string>>("../languages/*/status.json", {
    eager: true,
    import: "default",
  }),
);

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
