import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SCALES as CHOICES, type ScaleName } from "../../core/alert/settings";
import {
  countryOfTag,
  intensityWords,
  numberIn,
  scaleOfCountry,
  wordsOf,
} from "../../core/words/scales";
import { TEXTS, translator } from "../../languages/language";

const FILE = new URL("../../../tests/reference/device_scale_vectors.csv", import.meta.url);
const NAMES: Readonly<Record<string, ScaleName>> = {
  ...{ mmi: "mmi", jma: "jma", gb_t_17742_2020: "gb", cwa_2020: "cwa", ems_98: "ems" },
};
const SCALES = CHOICES.filter((name): name is ScaleName => name !== "auto");
const t = translator("en");
const vectors = readFileSync(FILE, "utf8").trim().split("\n").slice(1);

describe("intensity scales", () => {
  it("gives the numbers, labels and colours of the server's cards", () => {
    for (const line of vectors) {
      const [mmi, scale, number, label, colour, ink] = line.split(",") as string[];
      const name = NAMES[scale!]!;
      expect(numberIn(name, Number(mmi)), line).toBeCloseTo(Number(number), 5);
      const shown = intensityWords(Number(mmi), name, t)!;
      expect([shown.number, shown.colour, shown.text], line).toEqual([label, colour, ink]);
    }
    expect(vectors).toHaveLength(SCALES.length * 181);
  });

  it("has a word for every level in every language", () => {
    for (const code of Object.keys(TEXTS)) {
      const count = { gb: 12, cwa: 10, ems: 12 } as const;
      for (const scale of ["gb", "cwa", "ems"] as const) {
        const words = wordsOf(scale, translator(code));
        expect(words, `${code} ${scale}`).toHaveLength(count[scale]);
        expect(words.every((word) => word.trim() === word && word !== "")).toBe(true);
      }
    }
  });

  it("says nothing of what is not known, and stays within the scale", () => {
    expect(intensityWords(undefined, "jma", t)).toBeNull();
    expect(intensityWords(Number.NaN, "mmi", t)).toBeNull();
    for (const scale of SCALES) {
      expect(intensityWords(0.2, scale, t)).not.toBeNull();
      expect(intensityWords(12, scale, t)!.number).toBe(intensityWords(10, scale, t)!.number);
    }
  });

  it("is chosen by the country", () => {
    expect(["JP", "CN", "TW", "IT", "US", undefined].map(scaleOfCountry)).toEqual([
      "jma",
      "gb",
      "cwa",
      "ems",
      "mmi",
      "mmi",
    ]);
    expect(["ja", "zh-TW", "zh-Hant-TW", "en-US", "de", "zh"].map(countryOfTag)).toEqual([
      "JP",
      "TW",
      "TW",
      "US",
      undefined,
      "CN",
    ]);
  });
});
