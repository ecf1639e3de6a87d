/** AL-04: whose signatures are believed while the page stays open. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Config, KeyList } from "../../core/stream/key_list";

const file = new URL("../../../tests/reference/device_trust.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as {
  now: number;
  list: { n: number; root: string };
};
const signed = { list: vectors.list, n: vectors.list.n, root: vectors.list.root };

const config = (...keys: string[]): Config => ({
  ...{ stream: "stream", events: "events", place: null, version: "" },
  keys: Object.fromEntries(keys.map((key) => [key, "public"])),
});

function list(...answers: unknown[]) {
  const clock = { now: 0 };
  let asked = 0;
  const ask = () => Promise.resolve(answers[Math.min(asked++, answers.length - 1)] as Config);
  return { list: new KeyList(ask, () => clock.now), clock, asked: () => asked };
}

describe("the list of keys", () => {
  it("is what the server publishes now: new keys come, withdrawn ones go", async () => {
    const { list: keys } = list(config("a"), config("b"));
    await keys.renew();
    expect([keys.lists("a"), keys.lists("b")]).toEqual([true, false]);
    await keys.renew();
    expect([keys.lists("a"), keys.lists("b")]).toEqual([false, true]);
  });
  it.each([
    null,
    {},
    { keys: 7, stream: "s", events: "e" },
    { keys: {}, stream: "s", events: 1 },
    { keys: { b: "x" } },
    "nonsense",
  ])("stays as it was without a good answer: %j", async (answer) => {
    const { list: keys } = list(config("a"), answer);
    await keys.renew();
    await keys.renew();
    expect(keys.lists("a")).toBe(true);
  });
  it("is asked for at most every five seconds by what others send", async () => {
    const { list: keys, clock, asked } = list(config("a"));
    await keys.renew();
    for (let i = 0; i < 100; i++) await keys.renewSparingly();
    expect(asked()).toBe(1);
    clock.now = 5000;
    await Promise.all(Array.from({ length: 100 }, () => keys.renewSparingly()));
    expect(asked()).toBe(2);
  });
  it("is asked for anew after ten minutes: a withdrawn key is believed no longer", async () => {
    const { list: keys, clock, asked } = list(config("a"), null, config("b"));
    await keys.renew();
    clock.now = 599_999;
    await keys.renewWhenOld();
    expect(asked()).toBe(1);
    clock.now = 600_000;
    await keys.renewWhenOld();
    expect([asked(), keys.lists("a")]).toEqual([2, true]);
    clock.now = 605_000;
    await keys.renewWhenOld();
    expect([keys.lists("a"), keys.lists("b")]).toEqual([false, true]);
    await keys.renewWhenOld();
    expect(asked()).toBe(3);
  });
  it("is that which a root has signed, once there was one, also after the page is loaded again", async () => {
    const { list: newest, root, n } = signed;
    const kept: unknown[] = [];
    const ask = () => Promise.resolve(answers.shift() as Config);
    const answers: unknown[] = [{ ...config("a"), key_list: newest }, config("a"), null];
    const setting = { keep: (one: unknown) => kept.push(one), today: () => vectors.now };
    const keys = new KeyList(ask, () => 0, setting);
    for (let i = 0; i < 3; i++) {
      await keys.renew();
      expect([keys.lists("a"), keys.version]).toEqual([false, n]);
      expect(Object.keys(keys.keys)).toHaveLength(1);
    }
    expect(kept).toEqual([{ roots: [root], list: newest }]);
    const again = new KeyList(
      () => Promise.resolve(config("a")),
      () => 0,
      {
        kept: JSON.parse(JSON.stringify(kept[0])),
        today: () => vectors.now,
      },
    );
    await again.renew();
    expect([again.lists("a"), again.version]).toEqual([false, n]);
  });
  it("is nobody's where a root was set and the server has no list of it", async () => {
    const keys = new KeyList(
      () => Promise.resolve(config("a")),
      () => 0,
      { roots: [signed.root] },
    );
    await keys.renew();
    expect(keys.keys).toEqual({});
  });
  it("lists nothing by a name of every object", async () => {
    const { list: keys } = list(config("a"));
    await keys.renew();
    expect(keys.lists("constructor")).toBe(false);
  });
});
