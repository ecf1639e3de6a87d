/**
 * The texts of another language than English: one file from the server for a page. The last one is kept on
 * this device, so that a later visit has it at once, offline too.
 */

import { type Code, isLanguage, LANGUAGES, learn, type Tables } from "../../languages/table";
import { askJson, fetchJson } from "../stream/http";
import { load, type Name, save } from "./store";

/** The page that texts are of: the warning pages, the sensor page, the status page. */
export type Page = "pages" | "sensor" | "status";

interface Kept {
  readonly code: Code;
  readonly version: string;
  readonly texts: Readonly<Record<string, string>>;
}

const NAMES: Readonly<Record<Page, Name>> = {
  pages: "texts",
  sensor: "texts.sensor",
  status: "texts.status",
};
const PATIENCE_MS = 3000;

/** Learn what an earlier visit has kept. Whether the page can be shown in the language. */
export function recall(tables: Tables<string>, page: Page, code: Code): boolean {
  const left = kept(page);
  if (!(code in tables) && left?.code === code) learn(tables, code, left.texts);
  return code in tables;
}

/** Learn the present texts, asking until they are here. Whether they are others than the known ones. */
export async function bring(tables: Tables<string>, page: Page, code: Code): Promise<boolean> {
  if (isPresent(page, code)) return false;
  take(tables, page, code, await fetchJson(address(page, code)));
  return true;
}

/** For a page that nobody's life waits for: the texts of the language, or in time what there is. */
export async function languageReady(tables: Tables<string>, page: Page, code: Code): Promise<void> {
  recall(tables, page, code);
  if (isPresent(page, code)) return;
  const texts = await askJson<Kept["texts"]>(address(page, code), PATIENCE_MS);
  if (texts) take(tables, page, code, texts);
}

function take(tables: Tables<string>, page: Page, code: Code, texts: Kept["texts"]): void {
  learn(tables, code, texts);
  save(NAMES[page], { code, version: LANGUAGES[code].version, texts } satisfies Kept);
}

function isPresent(page: Page, code: Code): boolean {
  const left = kept(page);
  return code === "en" || (left?.code === code && left.version === LANGUAGES[code].version);
}

function kept(page: Page): Kept | null {
  const left = load(NAMES[page]) as Kept | null;
  if (!left || typeof left.texts !== "object" || !left.texts || !isLanguage(left.code)) return null;
  return Object.values(left.texts).every((text) => typeof text === "string") ? left : null;
}

/** The version is for what lies between: another text is another address. */
function address(page: Page, code: Code): string {
  const folder = page === "pages" ? "words" : `words/${page}`;
  return `${folder}/${code}.json?${LANGUAGES[code].version}`;
}
