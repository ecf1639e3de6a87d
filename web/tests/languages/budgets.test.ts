/** Texts fit their screens: fast, before tests/browser/test_layout.py measures it. */

import { describe, expect, it } from "vitest";
import { type Key, TEXTS } from "../../languages/language";
import { CODES } from "../../languages/table";
import { BUDGETS, length } from "./budgets";

describe.each(CODES)("%s", (code) => {
  it.each(Object.keys(BUDGETS))("fits the screen %s", (screen) => {
    const long: string[] = [];
    for (const [key, limit] of Object.entries(BUDGETS[screen]!)) {
      const text = TEXTS[code]![key as Key];
      if (text === undefined || length(text) <= limit) continue;
      long.push(`${key}: ${length(text)}, at most ${limit} on the screen ${screen}: ${text}`);
    }
    expect(long).toEqual([]);
  });
});

it("a Chinese character is as wide as two letters, and only the longest line counts", () => {
  expect(length("Drop.\nHold on.")).toBe(8);
  expect(length("伏地\n手抓牢")).toBe(6);
  expect(length("{n} s")).toBe(4);
});
