/** The texts of the warning pages. English is the model for the other languages' keys. */

import type en from "./en/pages.json";
import { tables } from "./table";

export type Key = keyof typeof en;
export type Texts = Readonly<Record<Key, string>>;

export const TEXTS = tables<Key>(
  import.meta.glob<Texts>("./*/pages.json", { eager: true, import: "default" }),
);

export type Slots = { readonly [name: string]: string | number };
export type Translate = (key: Key, slots?: Slots) => string;

export function translator(code: string): Translate {
  const texts = TEXTS[code] ?? TEXTS["en"]!;
  return (key, slots = {}) =>
    texts[key].replace(/\{(\w+)\}/g, (hole, name: string) => String(slots[name] ?? hole));
}
