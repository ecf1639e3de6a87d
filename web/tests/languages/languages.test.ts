import { describe, expect, it } from "vitest";
import type { Utterance } from "../../core/alert/effects";
import type { Quake } from "../../core/alert/model";
import { PROFILES } from "../../core/alert/settings";
import { announced, spoken } from "../../core/words/words";
import { type Key, TEXTS, translator } from "../../languages/language";
import { CODES, type Code, chooseLanguage } from "../../languages/table";
import { message } from "../examples";
import { fitsAction, foreign, WORDING } from "../wording";

const texts = (code: Code) => Object.entries(TEXTS[code] ?? {}) as [Key, string][];
const UTTERANCES: Utterance[] = [
  "alert",
  "seconds",
  "shaking",
  "late",
  "passed",
  "cancelled",
  "lowered",
  "notice",
];

function quake(mode: "actual" | "drill"): Quake {
  return {
    ...{
      key: `${mode}:e`,
      message: message({ mode }),
      forecast: null,
      level: 3,
      phase: "countdown",
    },
    ...{ since: 0, seconds: 12, sounded: 0, silenced: false, shownLevel: 0 },
  };
}

describe.each(CODES)("%s", (code) => {
  const t = translator(code);
  it("A08: has every text of English, none empty, with the same slots", () => {
    expect(texts(code).map(([key]) => key)).toEqual(Object.keys(TEXTS["en"]!));
    for (const [key, text] of texts(code)) {
      expect(text.trim(), key).not.toBe("");
      const slots = (one: string) => (one.match(/\{\w+\}/g) ?? []).sort();
      expect(slots(text), key).toEqual(slots(TEXTS["en"]![key]));
    }
  });
  it("A08: mixes in no other language", () => {
    for (const [key, text] of texts(code)) {
      expect(text.replace(/\{\w+\}/g, ""), key).toMatch(WORDING[code].script);
      for (const script of foreign(code)) expect(text, key).not.toMatch(script);
    }
  });
  it("A09: an action is at most 4 words, or 12 characters, a line", () => {
    for (const profile of PROFILES) {
      for (const line of t(`action.${profile}`).split("\n")) {
        expect(fitsAction(code, line), line).toBe(true);
      }
    }
  });
  it("A10: only a cancelled alert tells people that they are safe", () => {
    const { safe, forbidden } = WORDING[code];
    for (const [key, text] of texts(code)) {
      if (key === "cancelled.detail") expect(text).toMatch(safe);
      else expect(text, key).not.toMatch(safe);
      expect(text, key).not.toMatch(forbidden);
    }
  });
  it("A11: in a drill the drill word comes first", () => {
    const word = t("drill.spoken").replace(/[.。]$/, "");
    expect(t("drill.band").toLowerCase().startsWith(word.toLowerCase())).toBe(true);
    for (const utterance of UTTERANCES) {
      for (const words of [spoken, announced]) {
        expect(words(utterance, quake("drill"), t, "standard").startsWith(word)).toBe(true);
        expect(words(utterance, quake("actual"), t, "standard").startsWith(word)).toBe(false);
      }
    }
  });
  it("the action is spoken first, and the rest only for screen readers", () => {
    const words = spoken("alert", quake("actual"), t, "bed");
    expect(words).toBe(t("spoken.bed"));
    expect(announced("alert", quake("actual"), t, "bed")).toBe(
      `${words} ${t("count.spoken", { level: t("level.7"), n: 12 })}`,
    );
  });
  it("has its intensity words, outcomes and profiles", () => {
    for (const profile of PROFILES) expect(t(`profile.${profile}`)).toBeTruthy();
    for (let mmi = 1; mmi <= 10; mmi++) expect(t(`mmi.${mmi}` as Key)).toBeTruthy();
  });
});

it("chooses the language of the device", () => {
  expect(chooseLanguage(["tlh", "zh-TW", "en"])).toBe("zh-CN");
  for (const code of CODES) expect(chooseLanguage(["tlh", code, "en"])).toBe(code);
  expect(chooseLanguage(["en-NZ"])).toBe("en");
  expect(chooseLanguage(["tlh"])).toBe("en");
  expect(chooseLanguage([])).toBe("en");
});

it("announcements are whole sentences", () => {
  const t = translator("en");
  expect(announced("cancelled", quake("actual"), t, "standard")).toBe(
    "Alert cancelled. There is no earthquake. You are safe from this alert. You can carry on.",
  );
  expect(announced("alert", quake("actual"), t, "standard")).toBe(
    "Earthquake. Drop, cover, hold on. Very strong shaking in about 12 seconds.",
  );
  expect(announced("shaking", quake("actual"), t, "standard")).toBe("Shaking now. Hold on.");
});
