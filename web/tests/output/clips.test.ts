/** The clips that come with the pages speak the texts of the pages. */

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Quake } from "../../core/alert/model";
import { PROFILES } from "../../core/alert/settings";
import { plain, unpack } from "../../core/output/clips";
import { phrases } from "../../core/words/words";
import { translator } from "../../languages/language";
import { LANGUAGES } from "../../languages/table";
import { message } from "../examples";

const FOLDER = new URL("../../speech/", import.meta.url);
const CODES = readdirSync(FOLDER).map((name) => name.replace(/\.clips$/, ""));
const MOST_BYTES = 120_000;

function fileOf(code: string): ArrayBuffer {
  const { buffer, byteOffset, length } = readFileSync(new URL(`${code}.clips`, FOLDER));
  return buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer;
}

const quake = (mode: string, mmi = 6): Quake =>
  ({ message: message({ mode }), mmi, level: 2, seconds: 10 }) as unknown as Quake;

it("all languages that espeak-ng reads have them", () => {
  const others = ["ar", "fa", "ja"]; // scripts without vowels, and readings that it does not know
  const spoken = ["el", "en", "es", "es-419", "hi", "id", "it", "ne", "tr", "zh-CN", "zh-TW"];
  expect([...CODES].sort()).toEqual(spoken);
  expect(Object.keys(LANGUAGES).sort()).toEqual([...spoken, ...others].sort());
});

describe.each(CODES)("the clips of %s", (code) => {
  const pack = unpack(fileOf(code));
  it("take less than 120 kB", () => {
    expect(fileOf(code).byteLength).toBeLessThan(MOST_BYTES);
  });
  it("are MP3, of half a second to six", () => {
    for (const [text, mp3] of pack) {
      const [first, second] = new Uint8Array(mp3);
      expect([first, (second as number) & 0xe0], text).toEqual([0xff, 0xe0]);
      expect(mp3.byteLength, text).toBeGreaterThan(500);
      expect(mp3.byteLength, text).toBeLessThan(12_000);
    }
  });
  it("have all that an alert, its drill and its end speak (else: scripts/speech_clips.py)", () => {
    const t = translator(code);
    const levels = [4, 5, 6, 7, 8, 9, 10];
    const spoken = ["actual", "drill"].flatMap((mode) => [
      ...(["alert", "seconds", "shaking", "passed", "cancelled"] as const).flatMap((utterance) =>
        PROFILES.flatMap((profile) => phrases(utterance, quake(mode), t, profile)),
      ),
      ...levels.flatMap((mmi) => phrases("alert", quake(mode, mmi), t, "standard")),
    ]);
    expect([...pack.keys()]).toEqual(expect.arrayContaining(spoken.map(plain)));
  });
});
