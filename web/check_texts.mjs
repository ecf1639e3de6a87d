/**
 * What is wrong with the texts of the languages: `npm run texts`. tests/languages/checker.test.ts runs the same.
 *
 * Missing and unknown keys, slots, empty texts, letters of another script, lines that are too long for an
 * alert or for their screen (tests/languages/budgets.json), Latin digits where the language has its own.
 */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { codes, own, PAGES } from "./texts.mjs";

const BUDGETS = JSON.parse(
  readFileSync(new URL("tests/languages/budgets.json", import.meta.url), "utf-8"),
);
const WORDS_A_LINE = 4;
const CHARACTERS_A_LINE = 12;
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uff60]/u;
const NARROW = /\p{Script=Arabic}/u;
/** Names and units that have Latin digits in every language. */
const NAMES = /GB\/T 17742|EMS-98|CC BY 4\.0|AES-?\d+|Ed25519|IPv[46]|H\.?26\d|P1|S1|\(\w*\d\w*\)/g;

function width(character) {
  if (WIDE.test(character)) return 2;
  return NARROW.test(character) ? 0.7 : 1;
}

/** In halves of a square, of the longest line: marks have no width, a hole is two characters of a number. */
export function length(text) {
  const lines = text
    .replace(/\{\w+\}/g, "00")
    .replace(/[\p{M}\u200b-\u200f\u2066-\u2069]/gu, "")
    .split("\n");
  const widths = lines.map((line) => [...line].reduce((n, c) => n + width(c), 0));
  return Math.ceil(Math.max(...widths));
}

/** Whether a language may lack texts: one that is another's variant has only what differs. */
export function isVariant({ language }) {
  return language.fallback.some((code) => code !== "en");
}

/** What is wrong with one language, a line each. */
export function findings(code) {
  const file = own(code);
  const model = own("en");
  return [
    ...PAGES.flatMap((page) => keyFindings(file, model[page], page)),
    ...PAGES.flatMap((page) => textFindings(file, model[page], page)),
    ...lengthFindings(file),
  ];
}

function keyFindings(file, model, page) {
  const keys = Object.keys(file[page] ?? {});
  const missing = isVariant(file) ? [] : Object.keys(model).filter((key) => !keys.includes(key));
  const unknown = keys.filter((key) => !(key in model));
  return [
    ...missing.map((key) => `[${page}] ${key}: missing`),
    ...unknown.map((key) => `[${page}] ${key}: English has no such text`),
  ];
}

function textFindings(file, model, page) {
  const holes = (text) => `${(text.match(/\{\w+\}/g) ?? []).sort()}`;
  const scripts = ownScripts(file).map((script) => `\\p{Script=${script}}`);
  const script = new RegExp(scripts.join("|"), "u");
  const foreign = foreignScripts(file);
  const found = [];
  for (const [key, text] of Object.entries(file[page] ?? {})) {
    const at = `[${page}] ${key}`;
    const words = text.replace(/\{\w+\}/g, "");
    if (key in model && holes(text) !== holes(model[key])) found.push(`${at}: other slots`);
    if (/^\s|\s$| {2}/.test(text) || text === "") found.push(`${at}: empty, or spaces too many`);
    if (/\p{L}/u.test(words) && !script.test(words) && text !== model[key])
      found.push(`${at}: no letter of its own script`);
    for (const other of foreign) if (other.test(words)) found.push(`${at}: ${other}`);
    if (file.language.digits !== "latn" && /\d/.test(words.replace(NAMES, "")))
      found.push(`${at}: Latin digits`);
    const parts = (one) => one.split(page === "pages" && key === "directions" ? " " : "|").length;
    if (key in model && parts(text) !== parts(model[key])) found.push(`${at}: other parts`);
  }
  return found;
}

function ownScripts({ wording }) {
  return [wording.script, ...(wording.also ?? [])];
}

/** Scripts of the other languages; Latin is everywhere, for names and units. */
function foreignScripts(file) {
  const scripts = new Set(codes().flatMap((code) => ownScripts(own(code))));
  for (const mine of ["Latin", ...ownScripts(file)]) scripts.delete(mine);
  return [...scripts].map((script) => new RegExp(`\\p{Script=${script}}`, "u"));
}

function lengthFindings(file) {
  const texts = file.pages ?? {};
  const found = [];
  for (const [key, text] of Object.entries(texts)) {
    if (!key.startsWith("action.")) continue;
    for (const line of text.split("\n")) {
      const fits = file.language.spaced
        ? line.split(" ").length <= WORDS_A_LINE
        : line.length <= CHARACTERS_A_LINE;
      if (!fits) found.push(`[pages] ${key}: too long for an action: ${line}`);
    }
  }
  for (const [screen, limits] of Object.entries(BUDGETS))
    for (const [key, limit] of Object.entries(limits))
      if (texts[key] !== undefined && length(texts[key]) > limit)
        found.push(`[pages] ${key}: ${length(texts[key])} wide, ${limit} on the ${screen}`);
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const code of codes()) {
    const found = findings(code);
    const { english, state } = own(code).language;
    console.log(`${code}, ${english}, ${state}: ${found.length || "nothing"} to mend`);
    for (const line of found) console.log(`  ${line}`);
    if (found.length) process.exitCode = 1;
  }
}
