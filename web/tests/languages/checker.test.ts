/** Every language passes the checker, and the checker finds what it is for. */

import { describe, expect, it } from "vitest";
import { findings, length } from "../../check_texts.mjs";
import { translator } from "../../languages/language";
import { CODES, isSpaced, LANGUAGES } from "../../languages/table";

const PUSH_LONGEST = { spaced: 90, unspaced: 40 };

describe.each(CODES)("%s", (code) => {
  it("A08: has every text with its slots, in its own script, short enough", () => {
    expect(findings(code)).toEqual([]);
  });
  it("A09: the text of a notification is short", () => {
    const t = translator(code);
    const text = `${t("title")} · ${t("level.7")} ${t("action.standard")}`;
    const longest = isSpaced(code) ? PUSH_LONGEST.spaced : PUSH_LONGEST.unspaced;
    expect(text.length, text).toBeLessThanOrEqual(longest);
  });
  it("says what it is", () => {
    const { name, english, direction, state, draft, tags, fallback } = LANGUAGES[code];
    expect(name && english).toBeTruthy();
    expect(["ltr", "rtl"]).toContain(direction);
    expect(["full", "draft"]).toContain(state);
    expect(draft !== undefined).toBe(state === "draft");
    for (const tag of tags)
      expect(tag).toMatch(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$/);
    for (const each of fallback) expect(CODES).toContain(each);
  });
});

it("a Chinese character is as wide as two letters, a mark has no width, only the longest line counts", () => {
  expect(length("Drop.\nHold on.")).toBe(8);
  expect(length("伏地\n手抓牢")).toBe(6);
  expect(length("{n} s")).toBe(4);
  expect(length("تمسّكوا")).toBe(5);
});
