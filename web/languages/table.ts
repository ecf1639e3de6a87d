/**
 * The languages of the pages: a folder of texts beside this file and one row here for each.
 * docs/how-to/add-a-language.md says how to add one.
 */

export interface Language {
  /** Whether sentences are separated by spaces; Chinese and Japanese have none. */
  readonly spaced: boolean;
}

export const LANGUAGES = {
  en: { spaced: true },
  "zh-CN": { spaced: false },
} satisfies Record<string, Language>;

export type Code = keyof typeof LANGUAGES;
export const CODES = Object.keys(LANGUAGES) as readonly Code[];

/** The texts of one page by language: code to key to text. */
export type Tables<Key extends string> = Readonly<Record<string, Readonly<Record<Key, string>>>>;

/** The files of one page ("./zh-CN/pages.json") by their language, in the order of the rows. */
export function tables<Key extends string>(
  files: Readonly<Record<string, Readonly<Record<Key, string>>>>,
): Tables<Key> {
  const byCode: Record<string, Readonly<Record<Key, string>>> = {};
  for (const code of CODES) {
    const path = Object.keys(files).find((each) => each.split("/").slice(-2)[0] === code);
    if (path) byCode[code] = files[path]!;
  }
  return byCode;
}

export function isSpaced(code: string): boolean {
  return LANGUAGES[code as Code]?.spaced ?? true;
}

/** The first of the wanted languages that has a row, by exact tag, then by its root. */
export function chooseLanguage(wanted: readonly string[]): string {
  const root = (tag: string) => tag.toLowerCase().split("-")[0];
  for (const tag of wanted) {
    const exact = CODES.find((code) => code.toLowerCase() === tag.toLowerCase());
    const near = exact ?? CODES.find((code) => root(code) === root(tag));
    if (near) return near;
  }
  return "en";
}
