/**
 * How long a text may be where a screen neither scrolls nor shrinks it, in halves of a square:
 * a Latin letter is one half wide, a Chinese character two. Pages whose texts use all of these
 * limits up at once pass tests/browser/test_layout.py; limits above the present texts were so measured.
 */

import type { Key } from "../../languages/language";
import texts from "./budgets.json";

/** The lengths by screen and key. */
export const BUDGETS: Readonly<Record<string, Readonly<Partial<Record<Key, number>>>>> = texts;

const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uff60]/u;

/** Of the longest line; a hole counts as the two characters of a number. */
export function length(text: string): number {
  const lines = text.replace(/\{\w+\}/g, "00").split("\n");
  return Math.max(
    ...lines.map((line) => [...line].reduce((n, c) => n + (WIDE.test(c) ? 2 : 1), 0)),
  );
}
