/** The page's texts, one file a language. Texts of servers and programs stay as they came. */

import type { Slots } from "../core/language";
import { pageLanguage, pageText } from "../core/page_words";
import en from "./languages/en.json";
import zhCN from "./languages/zh-CN.json";

export type Key = keyof typeof en;
export const TEXTS: Readonly<Record<string, Readonly<Record<Key, string>>>> = { en, "zh-CN": zhCN };

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
