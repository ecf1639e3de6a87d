/** The page's readiness follows the server's at all times. */

import { describe, expect, it } from "vitest";
import type { State } from "../../core/alert/model";
import { readiness } from "../../core/alert/readiness";
import { type Event, next, start } from "../../core/alert/state";
import { readServer, whyUnable } from "../../core/stream/server";
import { spoken } from "../../core/words/words";
import { translator } from "../../languages/language";
import { CODES } from "../../languages/table";
import { context, PLACE, T0 } from "../examples";
import { WORDING } from "../wording";

function page() {
  let state: State = start();
  return (seconds: number, event: Event = { type: "tick" }) => {
    const now = T0 + seconds * 1000;
    const step = next(state, event, now, context({ deviceNow: now }));
    state = step.state;
    const announced = step.effects.flatMap((one) => (one.do === "announce" ? [one.utterance] : []));
    return { is: readiness(state, PLACE), announced };
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
