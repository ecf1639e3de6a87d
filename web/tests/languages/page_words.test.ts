/** The pages beside the warning pages: each has all its texts in all languages of those. */

import { describe, expect, it } from "vitest";
import { TEXTS as STATUS } from "../../console/common/words";
import { pageLanguage, pageText } from "../../languages/page_words";
import { CODES, type Code, type Tables } from "../../languages/table";
import { TEXTS as SENSOR } from "../../sensor/words";
import { WORDING } from "../wording";

const PAGES: Readonly<Record<string, Tables<string>>> = { sensor: SENSOR, status: STATUS };

describe.each(Object.keys(PAGES))("the %s page", (page) => {
  const tables = PAGES[page]!;
  it("has every language of the warning pages", () => {
    expect(Object.keys(tables)).toEqual(CODES);
  });

  describe.each(CODES)("in %s", (code: Code) => {
    const texts = Object.entries(tables[code] ?? {});
    it("never tells anybody that they are safe", () => {
      for (const [key, text] of texts) expect(text, key).not.toMatch(WORDING[code].safe);
    });
  });
});

it("is in the device's language, else in English", () => {
  expect(pageLanguage(STATUS, ["zh-SG", "en"])).toBe("zh-CN");
  expect(pageLanguage(STATUS, ["tlh"])).toBe("en");
  expect(pageLanguage({ en: {} }, ["zh-CN"])).toBe("en");
});

it("fills its holes, and leaves those that nobody fills", () => {
  const tables = { en: { a: "{n} of {all}" } };
  expect(pageText(tables, "en", "a", { n: 3 })).toBe("3 of {all}");
});
