/** Texts of another language: kept for the next visit, fetched when they are others, never waited for. */

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { bring, languageReady, recall } from "../../core/storage/texts";
import { LANGUAGES, type Tables } from "../../languages/table";

const ENGLISH = { title: "EARTHQUAKE", stop: "Stop sound" };
const CHINESE = { title: "地震预警", stop: "关闭声音" };
const { version } = LANGUAGES["zh-CN"];

let stored: Map<string, string>;
let asked: string[];
let answer: () => Promise<Response>;
let tables: Tables<string>;

beforeEach(() => {
  stored = new Map();
  asked = [];
  tables = { en: ENGLISH };
  answer = async () => Response.json(CHINESE);
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => stored.set(name, value),
  });
  vi.stubGlobal("fetch", (path: string) => {
    asked.push(path);
    return answer();
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("English is part of the page", async () => {
  expect(recall(tables, "pages", "en")).toBe(true);
  expect(await bring(tables, "pages", "en")).toBe(false);
  expect(asked).toEqual([]);
});

it("another language is one file, kept for the next visit", async () => {
  expect(recall(tables, "pages", "zh-CN")).toBe(false);
  expect(await bring(tables, "pages", "zh-CN")).toBe(true);
  expect(asked).toEqual([`words/zh-CN.json?${version}`]);
  expect(tables["zh-CN"]).toEqual(CHINESE);

  tables = { en: ENGLISH };
  expect(recall(tables, "pages", "zh-CN")).toBe(true);
  expect(tables["zh-CN"]).toEqual(CHINESE);
  expect(await bring(tables, "pages", "zh-CN")).toBe(false);
  expect(asked).toHaveLength(1);
});

it("kept texts of an older version are shown at once, in English where they lack one", async () => {
  const old = { code: "zh-CN", version: "old", texts: { title: "地震" } };
  stored.set("forewave.texts", JSON.stringify(old));
  expect(recall(tables, "pages", "zh-CN")).toBe(true);
  expect(tables["zh-CN"]).toEqual({ title: "地震", stop: "Stop sound" });
  expect(await bring(tables, "pages", "zh-CN")).toBe(true);
  expect(tables["zh-CN"]).toEqual(CHINESE);
});

it("each page has its own", async () => {
  await bring(tables, "status", "zh-CN");
  expect(asked).toEqual([`words/status/zh-CN.json?${version}`]);
  expect(recall({ en: ENGLISH }, "pages", "zh-CN")).toBe(false);
  expect(recall({ en: ENGLISH }, "status", "zh-CN")).toBe(true);
});

it.each(["null", "7", '{"code":"zh-CN"}', '{"code":"x","texts":{}}', "{"])(
  "a store that has %s counts as empty",
  (text) => {
    stored.set("forewave.texts", text);
    expect(recall(tables, "pages", "zh-CN")).toBe(false);
  },
);

it("a page beside the warning pages waits for its texts, but not for ever", async () => {
  await languageReady(tables, "sensor", "zh-CN");
  expect(tables["zh-CN"]).toEqual(CHINESE);

  vi.useFakeTimers();
  tables = { en: ENGLISH };
  stored.clear();
  answer = () => new Promise(() => {});
  const ready = languageReady(tables, "sensor", "zh-CN");
  await vi.advanceTimersByTimeAsync(3000);
  await ready;
  expect(tables["zh-CN"]).toBeUndefined();
});
