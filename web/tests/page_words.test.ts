/** The pages beside the warning pages: each has all its texts in all languages of those. */

import { describe, expect, it } from "vitest";
import { TEXTS as STATUS } from "../console/words";
import { LANGUAGES } from "../core/language";
import { pageLanguage, pageText, type Tables } from "../core/page_words";
import { TEXTS as SENSOR } from "../sensor/words";

const PAGES: Readonly<Record<string, Tables<string>>> = { sensor: SENSOR, status: STATUS };
const isCjk = (code: string) => /^(zh|ja)/.test(code);
const slots = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

describe.each(Object.keys(PAGES))("the %s page", (page) => {
  const tables = PAGES[page]!;
  it("has every language of the warning pages", () => {
    expect(Object.keys(tables)).toEqual(Object.keys(LANGUAGES));
  });

  describe.each(Object.keys(tables))("in %s", (code) => {
    const texts = Object.entries(tables[code]!);
    it("has every text of English, none empty, with the same slots", () => {
      expect(Object.keys(tables[code]!)).toEqual(Object.keys(tables["en"]!));
      for (const [key, text] of texts) {
        expect(text.trim(), key).not.toBe("");
        expect(slots(text), key).toEqual(slots(tables["en"]![key]!));
      }
    });

    it("mixes in no other language", () => {
      const cjk = /[\u3400-\u9fff]/;
      for (const [key, text] of texts) expect(cjk.test(text), key).toBe(isCjk(code));
    });

    it("never tells anybody that they are safe", () => {
      const safe = isCjk(code) ? /安全|没有危险/ : /\bsafe\b/i;
      for (const [key, text] of texts) expect(text, key).not.toMatch(safe);
    });
  });
});

it("is in the device's language, else in English", () => {
  expect(pageLanguage(STATUS, ["zh-TW", "en"])).toBe("zh-CN");
  expect(pageLanguage(STATUS, ["tlh"])).toBe("en");
  expect(pageLanguage({ en: {} }, ["zh-CN"])).toBe("en");
});

it("fills its holes, and leaves those that nobody fills", () => {
  const tables = { en: { a: "{n} of {all}" } };
  expect(pageText(tables, "en", "a", { n: 3 })).toBe("3 of {all}");
});
