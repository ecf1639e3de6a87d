/** The languages: one file each, and one row here. English is the model for the others' keys. */

import en from "./languages/en.json";
import zhCN from "./languages/zh-CN.json";

export type Key = keyof typeof en;
export type Texts = Readonly<Record<Key, string>>;

export const LANGUAGES: Readonly<Record<string, Texts>> = { en, "zh-CN": zhCN };

/** The first language of the device that there is a file for, by exact tag, then by its root. */
export function chooseLanguage(wanted: readonly string[]): string {
  const codes = Object.keys(LANGUAGES);
  const root = (tag: string) => tag.toLowerCase().split("-")[0];
  for (const tag of wanted) {
    const exact = codes.find((code) => code.toLowerCase() === tag.toLowerCase());
    const near = exact ?? codes.find((code) => root(code) === root(tag));
    if (near) return near;
  }
  return "en";
}

export type Slots = { readonly [name: string]: string | number };
export type Translate = (key: Key, slots?: Slots) => string;

export function translator(code: string): Translate {
  const texts = LANGUAGES[code] ?? LANGUAGES["en"]!;
  return (key, slots = {}) =>
    texts[key].replace(/\{(\w+)\}/g, (hole, name: string) => String(slots[name] ?? hole));
}
