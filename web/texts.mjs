/**
 * Reads languages/<code>.toml for the pages, as a plugin of vite: `import texts from "./en.toml?pages"`.
 *
 * After the question mark stands what of the file is wanted: one page's texts, each from the first language
 * of the chain that has it ("pages", "sensor", "status"); "language", what the language is; "own", all that
 * stands in the file. Run as a program, it writes the codes and the keys of English as types.
 */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "smol-toml";

export const PAGES = ["pages", "sensor", "status"];
const FOLDER = fileURLToPath(new URL("languages", import.meta.url));
const MODEL = "en";

export function codes() {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".toml"));
  return files.map((name) => name.replace(/\.toml$/, "")).sort();
}

const parsed = new Map();

/** All that stands in the file of a language. */
export function own(code) {
  const text = readFileSync(`${FOLDER}/${code}.toml`, "utf-8");
  if (parsed.get(code)?.text !== text) parsed.set(code, { text, content: parse(text) });
  return parsed.get(code).content;
}

/** Every text of a page: where the language has none, that of the first in its chain that has. */
export function texts(code, page) {
  const model = own(MODEL)[page];
  const chain = [code, ...own(code).language.fallback, MODEL].map((each) => own(each)[page] ?? {});
  const first = (key) => chain.find((table) => table[key] !== undefined)[key];
  return Object.fromEntries(Object.keys(model).map((key) => [key, first(key)]));
}

/** What the language is; version: another one whenever one of its texts is. */
export function language(code) {
  const all = JSON.stringify(PAGES.map((page) => texts(code, page)));
  const version = createHash("sha256").update(all).digest("hex").slice(0, 8);
  return { ...own(code).language, version };
}

function wanted(code, what) {
  if (what === "language") return language(code);
  return what === "own" ? own(code) : texts(code, what);
}

/** The plugin. some: the texts that `?pages` of English has, where they are not all. */
export function languages(some) {
  return {
    name: "languages",
    enforce: "pre",
    load(id) {
      const found = /([\w-]+)\.toml\?(\w+)$/.exec(id);
      if (!found) return null;
      for (const code of codes()) this.addWatchFile(`${FOLDER}/${code}.toml`);
      const [, code, what] = found;
      const content = code === MODEL && what === "pages" && some ? some : wanted(code, what);
      return `export default ${JSON.stringify(content)}`;
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const keys = (page) => Object.keys(own(MODEL)[page]).map((key) => JSON.stringify(key));
  const union = (name, values) => `export type ${name} = ${values.join(" | ")};\n`;
  const types = [
    union(
      "Code",
      codes().map((code) => JSON.stringify(code)),
    ),
    ...PAGES.map((page) => union(page, keys(page))),
  ];
  writeFileSync(`${FOLDER}/keys.d.ts`, types.join(""));
}
