/** What a page believes: the vectors that Python, `forewave.client` and the page share. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { next, start } from "../../core/alert/state";
import { read } from "../../core/stream/message";
import { Follower, type ListRefusal } from "../../core/stream/signed_list";
import { context } from "../examples";
import { EVERY } from "../runs";

interface Vectors {
  now: number;
  list: object;
  lists: {
    name: string;
    given: string[] | null;
    received: { list: unknown; today: number | null; why: ListRefusal | null }[];
    today: number | null;
    trusted: string[];
  }[];
  streams: {
    name: string;
    list: unknown;
    frames: { at: number; text: string; is: "actual" | "drill" | "refused" }[];
  }[];
  altered: string[];
}

const file = new URL("../../../tests/reference/device_trust.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors;

describe("a list of keys", () => {
  it.each(vectors.lists.map((one) => [one.name, one] as const))("%s", (_, one) => {
    const follower = new Follower(one.given ?? []);
    for (const { list, today, why } of one.received) expect(follower.take(list, today)).toBe(why);
    expect(Object.keys(follower.keys(one.today)).sort()).toEqual(one.trusted);
  });
  it("no byte of it may change", () => {
    const given = (vectors.list as { root: string }).root;
    const believed: string[] = [];
    for (const text of alterations(JSON.stringify(vectors.list), [1])) {
      const value = parsed(text);
      if (value !== undefined && new Follower([given]).take(value, vectors.now) === null)
        believed.push(text);
    }
    expect(believed).toEqual([]);
  });
  it("that was kept goes on: an older one is refused after the page is loaded again", () => {
    const [newest, older] = received("rollback");
    const follower = new Follower();
    follower.resume(newest, [(newest as { root: string }).root]);
    expect(follower.take(older, vectors.now)).toBe("older");
  });
  it.each([null, 7, {}, { n: 1 }, "x"])("of which nonsense was kept is none: %j", (kept) => {
    const follower = new Follower();
    follower.resume(kept, ["x", "y"]);
    expect(follower.hasRoot).toBe(false);
  });
});

describe("a stream", () => {
  it.each(vectors.streams.map((one) => [one.name, one] as const))("%s", (_, { list, frames }) => {
    const follower = new Follower();
    expect(follower.take(list, vectors.now)).toBeNull();
    let state = start();
    for (const { at, text, is } of frames) {
      const result = read(text, follower.keys(at));
      const before = state.quakes;
      const here = context({ deviceNow: at, builtAt: vectors.now - 86_400_000 });
      if (result.ok) {
        state = next(state, { type: "message", message: result.message }, at, here).state;
      }
      const news = state.quakes.filter(({ message: { id, mode, n } }) =>
        before.every(
          (old) =>
            [old.message.id, old.message.mode, old.message.n].join() !== [id, mode, n].join(),
        ),
      );
      expect(news.map((quake) => quake.message.mode)).toEqual(is === "refused" ? [] : [is]);
    }
  });
});

describe("a message", () => {
  const keys = new Follower();
  keys.take(vectors.list, vectors.now);
  const trusted = keys.keys(vectors.now);
  it.each([
    [0, [0, 1, 2, 3, 4, 5, 6, 7]],
    [1, [0, 4]],
    [2, [1]],
  ])(
    "no byte of number %i may change",
    (i, bits) => {
      const plain = vectors.altered[i]!;
      expect(read(plain, trusted).ok).toBe(true);
      const believed = alterations(plain, bits).filter((text) => read(text, trusted).ok);
      expect(believed).toEqual([]);
    },
    60_000,
  );
});

/** The text with each of these bits of each byte turned; what is no UTF-8 no WebSocket delivers. */
function alterations(plain: string, bits: readonly number[]): string[] {
  const bytes = new TextEncoder().encode(plain);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const texts: string[] = [];
  for (let i = 0; i < bytes.length; i += EVERY) {
    for (const bit of bits) {
      const changed = bytes.slice();
      changed[i]! ^= 1 << bit;
      try {
        texts.push(decoder.decode(changed));
      } catch {}
    }
  }
  expect(texts.length).toBeGreaterThan((bytes.length * bits.length) / EVERY / 2);
  return texts;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function received(name: string): unknown[] {
  return vectors.lists.find((one) => one.name === name)!.received.map(({ list }) => list);
}
