/** The page's readiness follows the server's at all times. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SoundState, State } from "../../core/alert/model";
import { readiness } from "../../core/alert/readiness";
import { type Event, next, start } from "../../core/alert/state";
import { readServer, whyUnable } from "../../core/stream/server";
import { translator } from "../../languages/language";
import { CODES } from "../../languages/table";
import { context, OWN, T0 } from "../examples";
import { runs } from "../runs";
import { spoken } from "../simulate";
import { WORDING } from "../wording";

function page() {
  let state: State = start();
  return (seconds: number, event: Event = { type: "tick" }) => {
    const now = T0 + seconds * 1000;
    const step = next(state, event, now, context({ deviceNow: now }));
    state = step.state;
    const announced = step.effects.flatMap((one) => (one.do === "announce" ? [one.utterance] : []));
    return { is: readiness(state, OWN), announced };
  };
}

const beat = (state?: string, missing: string[] = []): Event => ({
  type: "heartbeat",
  server: readServer(state, missing),
});

describe("a heartbeat reports what the server can do", () => {
  it("not ready: never ready here, announced once, and ready as soon as it is", () => {
    const at = page();
    expect(at(0, beat("not ready", ["a live source"]))).toEqual({
      is: "unable",
      announced: ["unable.source"],
    });
    expect(at(5, beat("not ready", ["a live source"])).announced).toEqual([]);
    expect(at(6, { type: "heartbeat" }).is).toBe("unable"); // the answer to a ping
    expect(at(9, beat("ready")).is).toBe("ready");
  });
  it.each([
    ["test", "test"],
    ["drill", "drills"],
    ["ready", "ready"],
    ["something of later", "unable"],
  ])("%s is shown as %s", (state, shown) => expect(page()(0, beat(state)).is).toBe(shown));
  it("an older server that does not report it is taken as before", () => {
    const at = page();
    expect(at(0, beat("not ready")).is).toBe("unable");
    expect(at(5, beat()).is).toBe("ready");
  });
  it.each([
    [["a live source"], "unable.source"],
    [["kernels", "a station"], "unable.station"],
    [["kernels"], "unable.other"],
    [[], "unable.other"],
  ] as const)("missing %j has the text %s", (missing, key) =>
    expect(whyUnable({ state: "not ready", missing })).toBe(key),
  );
  it.each(CODES)("that no warning will come is in words (%s)", (code) => {
    const t = translator(code);
    for (const utterance of ["unable.source", "unable.station", "unable.other", "test"] as const)
      expect(spoken(utterance, null, t, "standard")).toMatch(WORDING[code].noWarning);
  });
});

/** What a page must have to be ready, each with what is shown where it lacks. */
const NEEDS = ["heartbeat", "socket", "key", "server", "place", "date", "hour", "sound"] as const;
const SHOWN = {
  ...{ heartbeat: "connecting", socket: "reconnecting", key: "untrusted", server: "unable" },
  ...{ place: "placeless", date: "drills", hour: "clock", sound: "silent" },
} as const;

describe("ready", () => {
  const HOUR = 3_600_000;
  const shownWith = (lacks: ReadonlySet<string>, sound: SoundState) => {
    const off = lacks.has("date") ? 25 * HOUR : lacks.has("hour") ? HOUR + 1000 : HOUR - 1000;
    const here = context({ deviceNow: T0 - off, builtAt: T0 - 1000 * HOUR });
    const events: Event[] = [{ type: "tick" }];
    if (!lacks.has("heartbeat")) events.push({ ...beat("ready"), trusted: true } as Event);
    if (lacks.has("server")) events.push(beat("not ready", ["a station"]));
    if (lacks.has("key")) events.push({ type: "keys", trusted: false });
    if (lacks.has("socket")) events.push({ type: "closed" });
    const state = events.reduce((old, event) => next(old, event, T0, here).state, start());
    return readiness(state, {
      place: lacks.has("place") ? null : OWN.place,
      sound: lacks.has("sound") ? sound : "running",
    });
  };
  it("is shown only where nothing lacks, else the first that has to be mended", () => {
    const lacking = fc.subarray([...NEEDS]).map((needs) => new Set<string>(needs));
    const sounds = fc.constantFrom("locked", "interrupted", "missing") as fc.Arbitrary<SoundState>;
    fc.assert(
      fc.property(lacking, sounds, (lacks, sound) => {
        // What a server has sent of itself came with a heartbeat.
        fc.pre(!lacks.has("heartbeat") || !lacks.has("server"));
        const first = NEEDS.find((need) => lacks.has(need));
        const unreached = first === "heartbeat" && lacks.has("socket");
        const expected = unreached ? "lost" : first === undefined ? "ready" : SHOWN[first];
        expect(shownWith(lacks, sound)).toBe(expected);
      }),
      { numRuns: runs(300) },
    );
  });
  it("is shown where the person has turned the sound off", () => {
    const state = next(start(), beat("ready"), T0, context({ deviceNow: T0 })).state;
    expect(readiness(state, { ...OWN, sound: "off" })).toBe("ready");
  });
  it("is not shown on a device whose clock was never set", () => {
    const here = context({ deviceNow: 0, builtAt: T0 });
    expect(readiness(next(start(), beat("ready"), T0, here).state, OWN)).toBe("clock");
  });
});

describe("the connection", () => {
  it("is not ready from the moment in which it ends", () => {
    const at = page();
    at(0, beat("ready"));
    expect(at(1, { type: "closed" }).is).toBe("reconnecting");
    expect(at(2, { type: "keys", trusted: true }).is).toBe("reconnecting");
    expect(at(3, beat("ready")).is).toBe("ready");
    at(4, { type: "closed" });
    expect(at(14)).toEqual({ is: "lost", announced: ["lost"] });
  });
  it("is never ready for longer than two heartbeats without one", () => {
    const at = page();
    at(0, beat("ready"));
    expect(at(10).is).toBe("ready");
    expect(at(10.1).is).toBe("lost");
  });
});
