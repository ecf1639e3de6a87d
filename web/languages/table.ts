/**
 * The languages of the pages: one file each beside this one (docs/how-to/add-a-language.md). The English
 * texts are part of every page; those of another language are a file, fetched by who reads it.
 */

import type { Code } from "./keys";

export type { Code };

export interface Language {
  /** As its speakers call it, and in English. */
  readonly name: string;
  readonly english: string;
  readonly direction: "ltr" | "rtl";
  /** Whether sentences are separated by spaces; Chinese and Japanese have none. */
  readonly spaced: boolean;
  /** The digits that it is read with, by their name in CLDR, and what stands before decimals. */
  readonly digits: "latn" | "arab" | "arabext" | "deva";
  readonly decimal: string;
  /** draft: nobody who grew up with it has read all of it yet. */
  readonly state: "full" | "draft";
  /** Of a draft, the word for one. */
  readonly draft?: string;
  /** Further tags that it serves, beside its own and those below that. */
  readonly tags: readonly string[];
  /** Languages for a text that it lacks, in this order; then English. */
  readonly fallback: readonly string[];
  /** Another one whenever one of its texts is. */
  readonly version: string;
}

/** Full ones first, then drafts, each by their codes. */
export const LANGUAGES: Readonly<Record<Code, Language>> = sorted(
  import.meta.glob<Language>("./*.toml", { query: "?language", eager: true, import: "default" }),
);
export const CODES = Object.keys(LANGUAGES) as readonly Code[];

/** The texts of one page by language: code to key to text. English is always there. */
export type Tables<Key extends string> = Record<string, Readonly<Record<Key, string>>>;

/** Add the texts of a language. What it lacks stays English: they may be those of an older page. */
export function learn<Key extends string>(
  tables: Tables<Key>,
  code: string,
  texts: Readonly<Partial<Record<Key, string>>>,
): void {
  tables[code] = { ...tables["en"], ...texts } as Record<Key, string>;
}

export function isLanguage(code: string): code is Code {
  return Object.prototype.hasOwnProperty.call(LANGUAGES, code);
}

export function isSpaced(code: string): boolean {
  return isLanguage(code) ? LANGUAGES[code].spaced : true;
}

export function direction(code: string): "ltr" | "rtl" {
  return isLanguage(code) ? LANGUAGES[code].direction : "ltr";
}

/**
 * Of the wanted languages the first that is one of ours: by its tag, else by what remains of that without
 * its last parts. zh-TW and zh-HK are never served by the language of zh.
 */
export function chooseLanguage(wanted: readonly string[]): Code {
  for (const tag of wanted) {
    for (let parts = tag.toLowerCase().split("-"); parts.length; parts = parts.slice(0, -1)) {
      const code = CODES.find((each) => serves(each, parts.join("-")));
      if (code) return code;
    }
  }
  return "en";
}

function serves(code: Code, tag: string): boolean {
  return [code, ...LANGUAGES[code].tags].some((each) => each.toLowerCase() === tag);
}

function sorted(files: Readonly<Record<string, Language>>): Record<Code, Language> {
  const codes = Object.keys(files).map((path) => path.slice("./".length, -".toml".length));
  const language = (code: string) => files[`./${code}.toml`]!;
  const isFull = (code: string) => language(code).state === "full";
  codes.sort((a, b) => Number(isFull(b)) - Number(isFull(a)) || (a < b ? -1 : 1));
  const byCode: Record<string, Language> = {};
  for (const code of codes) byCode[code] = language(code);
  return byCode as Record<Code, Language>;
}
