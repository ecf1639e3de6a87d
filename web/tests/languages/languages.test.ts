import { describe, expect, it } from "vitest";
import type { Utterance } from "../../core/alert/effects";
import type { Quake } from "../../core/alert/model";
import { PROFILES } from "../../core/alert/settings";
import { announced, joined, phrases } from "../../core/words/words";
import { type Key, translator } from "../../languages/language";
import { CODES, type Code, chooseLanguage } from "../../languages/table";
import { message } from "../examples";
import { spoken } from "../simulate";
import { ownOf, WORDING } from "../wording";

const texts = (code: Code) => Object.entries(ownOf(code).pages ?? {}) as [Key, string][];
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
  it("A10: only a cancelled alert tells people that they are safe", () => {
    const { safe, forbidden } = WORDING[code];
    for (const [key, text] of texts(code)) {
      if (key === "cancelled.detail") expect(text).toMatch(safe);
      else expect(text, key).not.toMatch(safe);
      expect(text, key).not.toMatch(forbidden);
    }
  });
  it("A11: in a drill the drill word comes first", () => {
    const word = t("drill.spoken").replace(/[.。।]$/, "");
    const upper = (text: string) => text.toLocaleUpperCase(code);
    expect(upper(t("drill.band")).startsWith(upper(word))).toBe(true);
    for (const utterance of UTTERANCES) {
      for (const words of [spoken, announced]) {
        expect(words(utterance, quake("drill"), t, "standard").startsWith(word)).toBe(true);
        expect(words(utterance, quake("actual"), t, "standard").startsWith(word)).toBe(false);
      }
    }
  });
  it("the action is spoken first, then how strong it will be here, and to screen readers when", () => {
    expect(phrases("alert", quake("actual"), t, "bed")).toEqual([t("spoken.bed"), t("level.7")]);
    expect(announced("alert", quake("actual"), t, "bed")).toBe(
      joined(t, t("spoken.bed"), t("count.spoken", { level: t("level.7"), n: 12 })),
    );
  });
  it("has its intensity words, outcomes and profiles", () => {
    for (const profile of PROFILES) expect(t(`profile.${profile}`)).toBeTruthy();
    for (let mmi = 1; mmi <= 10; mmi++) expect(t(`mmi.${mmi}` as Key)).toBeTruthy();
  });
});

it("chooses the language of the device", () => {
  expect(chooseLanguage(["tlh", "zh-Hans-MY", "en"])).toBe("zh-CN");
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
