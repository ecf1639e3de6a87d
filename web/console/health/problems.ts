/** What a person should look at: the server's lines, in the page's language. */

import { type Key, TEXTS, type Words } from "../common/words";

/** A part of a line. english: it stays as the server wrote it. */
export interface Part {
  readonly text: string;
  readonly english: boolean;
}

const SLOT = /(\{\w+\})/;

/**
 * Each line as its parts. A line is recognised by its English text, "problem.*" in
 * languages/en.toml; one that no text of those makes stays in the server's words.
 */
export function problems(t: Words, lines: readonly string[]): readonly (readonly Part[])[] {
  return lines.map((line) => (t.language === "en" ? null : own(t, line)) ?? asItCame(line));
}

function asItCame(text: string): readonly Part[] {
  return [{ text, english: true }];
}

function own(t: Words, line: string): readonly Part[] | null {
  for (const { key, pattern, slots } of KNOWN) {
    const found = pattern.exec(line);
    if (!found) continue;
    const value = (slot: string) => found[slots.indexOf(slot) + 1]!;
    const parts = t(key).split(SLOT).filter(Boolean);
    return parts.map((part) =>
      slots.includes(part) ? filled(t, part, value(part)) : { text: part, english: false },
    );
  }
  return null;
}

/** Reasons have no end and stay English; what is stored has a word. */
function filled(t: Words, slot: string, value: string): Part {
  const text = slot === "{where}" ? t.term("keeping", value) : value;
  return { text, english: slot === "{why}" };
}

const KNOWN = Object.keys(TEXTS["en"]!)
  .filter((key) => key.startsWith("problem."))
  .map((key) => {
    const parts = TEXTS["en"]![key as Key].split(SLOT);
    const slots = parts.filter((part) => SLOT.test(part));
    const source = parts.map((part) => (SLOT.test(part) ? "(.+?)" : escaped(part))).join("");
    return { key: key as Key, pattern: new RegExp(`^${source}$`), slots };
  });

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
