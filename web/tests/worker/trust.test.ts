/** Whom the service worker believes: the vectors that the pages and `forewave.client` share. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Facts } from "../../core/storage/shared";
import type { Config } from "../../core/stream/key_list";
import { noFacts } from "../../worker/show";
import { verified } from "../../worker/trust";

interface List {
  root: string;
  roots: string[];
  keys: { id: string; key: string }[];
}

const file = new URL("../../../tests/reference/device_trust.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as {
  now: number;
  streams: { name: string; list: List; frames: { text: string }[] }[];
};
const { now } = vectors;

function stream(name: string) {
  const { list, frames } = vectors.streams.find((one) => one.name === name)!;
  return { list, text: frames[0]!.text };
}

const believed = stream("believed");
const revoked = stream("revoked key");
const earlier = stream("the same before it was revoked");
/** What a server says that lists all keys, the revoked one too. */
const everyKey = Object.fromEntries(believed.list.keys.map(({ id, key }) => [id, key]));

function config(key_list: unknown = null): Config {
  return { stream: "stream", events: "events", keys: everyKey, place: null, version: "", key_list };
}

function left(list: List | null, change: Partial<Facts> = {}): Facts {
  return { ...noFacts("en"), listed: list && { roots: list.roots, list }, ...change };
}

/** Whether it is believed, with the facts afterwards, and whether the server was asked. */
async function outcome(text: string, facts: Facts, answer: Config | null, today = now) {
  let asked = false;
  const ask = async () => {
    asked = true;
    return answer;
  };
  const { result, facts: after } = await verified(text, facts, ask, today);
  return { ok: result.ok, asked, after };
}

describe("where no root is known", () => {
  it("the keys that the page left are believed, without a question", async () => {
    const facts = left(null, { keys: everyKey });
    expect(await outcome(believed.text, facts, null)).toEqual({
      ...{ ok: true, asked: false, after: facts },
    });
  });
  it("with an unknown key the server is asked, and its keys are kept if they fit", async () => {
    const { ok, after } = await outcome(believed.text, left(null), config());
    expect([ok, after.keys]).toEqual([true, everyKey]);
  });
  it("without an answer it is refused", async () => {
    expect((await outcome(believed.text, left(null), null)).ok).toBe(false);
  });
  it("the first list fixes the root", async () => {
    const { ok, after } = await outcome(believed.text, left(null), config(believed.list));
    expect([ok, after.listed?.roots]).toEqual([true, believed.list.roots]);
  });
});

describe("where a root is known", () => {
  it("the list that the page left counts, not the keys beside it", async () => {
    const facts = left(revoked.list, { keys: everyKey });
    expect((await outcome(believed.text, facts, null)).ok).toBe(true);
    expect((await outcome(revoked.text, facts, null)).ok).toBe(false);
  });
  it("keys that the server names without a list change nothing", async () => {
    const { ok, asked, after } = await outcome(revoked.text, left(revoked.list), config());
    expect([ok, asked]).toEqual([false, true]);
    expect(after.listed?.list).toEqual(revoked.list);
  });
  it("an older list, in which the key was not yet revoked, is refused", async () => {
    const facts = left(revoked.list);
    const { ok, after } = await outcome(revoked.text, facts, config(earlier.list));
    expect([ok, after]).toEqual([false, facts]);
  });
  it("a newer list is kept, also where the message is refused", async () => {
    const { text } = stream("key that is not listed");
    const { ok, after } = await outcome(text, left(earlier.list), config(revoked.list));
    expect([ok, after.listed?.list]).toEqual([false, revoked.list]);
  });
  it("the list of another root is refused, if the root was given before any list", async () => {
    const facts = left(null, { roots: [Object.values(everyKey)[0]!], keys: everyKey });
    const { ok, after } = await outcome(believed.text, facts, config(believed.list));
    expect([ok, after]).toEqual([false, facts]);
  });
  it("an expired list lets nothing in", async () => {
    const facts = left(believed.list);
    expect((await outcome(believed.text, facts, null, now + 1e12)).ok).toBe(false);
  });
});
