import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SOURCES, STATIONS, sorted } from "../console/columns";
import { UNKNOWN, clockTime, counted, gal, seconds } from "../console/figures";
import type { Station } from "../console/report";
import { stationAdvice, stationRank } from "../console/states";

const station = (change: Partial<Station> = {}): Station => ({
  code: "ST.A",
  state: "good",
  counts: true,
  latest: 1,
  quiet: 0.2,
  latency: 0.5,
  noise_ms2: 1e-4,
  usual_ms2: null,
  well: 1,
  ahead: 0,
  residual: null,
  picks: 0,
  dropped: {},
  ...change,
});

const column = (name: string) => STATIONS.find((each) => each.name === name)!;

describe("figures", () => {
  it.each([
    [null, UNKNOWN],
    [0, "0 ms"],
    [0.0004, "under 1 ms"],
    [0.0123, "12 ms"],
    [3.456, "3.5 s"],
    [600, "10 min"],
    [10_000, "2.8 h"],
  ])("tell %s seconds as %s", (value, text) => expect(seconds(value)).toBe(text));

  it("tell acceleration in gal", () => {
    expect(gal(0.00012345)).toBe("0.0123");
    expect(gal(null)).toBe(UNKNOWN);
  });

  it("tell the largest count first", () => {
    expect(counted({ b: 1, a: 1, c: 9 })).toBe("c 9, a 1, b 1");
    expect(counted({})).toBe("none");
  });

  it("tell time in UTC", () => expect(clockTime(1_700_000_000)).toBe("22:13:20 UTC"));
});

describe("order", () => {
  it("puts what is unknown last in both directions", () => {
    const rows = [station({ code: "A", latency: null }), station({ code: "B" })];
    for (const down of [false, true])
      expect(sorted(rows, column("Latency"), down).map((s) => s.code)).toEqual(["B", "A"]);
  });

  it("puts the worst state first", () => {
    const rows = ["good", "never", "late"].map((state) => station({ state }));
    expect(sorted(rows, column("State"), false).map((s) => s.state)).toEqual(["never", "late", "good"]);
  });

  it("loses and doubles no row, whatever the column", () => {
    const rows = fc.array(
      fc.record({ latency: fc.option(fc.double({ noNaN: true })), picks: fc.nat(), state: fc.constantFrom("good", "late", "new one") }),
    );
    fc.assert(
      fc.property(rows, fc.nat(STATIONS.length - 1), fc.boolean(), (changes, at, down) => {
        const made = changes.map((change, n) => station({ ...change, code: `S${n}` }));
        const after = sorted(made, STATIONS[at]!, down).map((s) => s.code);
        expect([...after].sort()).toEqual(made.map((s) => s.code).sort());
      }),
    );
  });
});

describe("states", () => {
  const all = ["never", "silent", "unusable", "stuck", "changed", "clock", "clipped", "late", "gappy", "noisy"];

  it("say what to do about all but good", () => {
    for (const state of all) expect(stationAdvice(state), state).not.toBe("");
    expect(stationAdvice("good")).toBe("");
  });

  it("of a later version are shown, first of all", () => {
    expect(stationRank("on fire")).toBeLessThan(stationRank("never"));
    expect(stationAdvice("on fire")).toBe("");
  });

  it("are told in words in every table", () => {
    expect(column("State").text(station({ state: "stuck" }))).toBe("stuck");
    expect(SOURCES.map((each) => each.name)).toContain("State");
  });
});
