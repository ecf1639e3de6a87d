/** Texts of a page beside the warning pages: a table of its own, so that those stay small. */

import type { Slots } from "./language";
import { chooseLanguage, type Tables } from "./table";

/** Of the wanted languages the first that has a row and this table has, else English. */
export function pageLanguage(tables: Tables<string>, wanted: readonly string[]): string {
  const chosen = chooseLanguage(wanted);
  return chosen in tables ? chosen : "en";
}

export function pageText<Key extends string>(
  tables: Tables<Key>,
  language: string,
  key: Key,
  slots: Slots = {},
): string {
  return tables[language]![key].replace(
    /\{(\w+)\}/g,
    (hole, name: string) => `${slots[name] ?? hole}`,
  );
}
