/** Texts of a page beside the warning pages: a table of its own, so that those stay small. */

import { filler, type Slots } from "./language";
import { type Code, chooseLanguage, type Tables } from "./table";

/** Of the wanted languages the first that there is, if this table has learnt it, else English. */
export function pageLanguage(tables: Tables<string>, wanted: readonly string[]): Code {
  const chosen = chooseLanguage(wanted);
  return chosen in tables ? chosen : "en";
}

export function pageText<Key extends string>(
  tables: Tables<Key>,
  language: string,
  key: Key,
  slots: Slots = {},
): string {
  return filler(language)(tables[language]![key], slots);
}
