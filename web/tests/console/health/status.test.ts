import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sorted } from "../../../console/common/column";
import { clockTime, counted, gal, seconds, UNKNOWN } from "../../../console/common/figures";
import {
  SOURCE_STATES,
  STATION_STATES,
  stationAdvice,
  stationRank,
} from "../../../console/common/states";
import { TEXTS, words } from "../../../console/common/words";
import { SOURCES, STATIONS } from "../../../console/health/columns";
import { type Part, problems } from "../../../console/health/problems";
import type { Report, Source, Station } from "../../../console/health/report";
import { statusLine } from "../../../console/health/status_line";
import { CODES } from "../../../languages/table";

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

const t = words(["en"]);
const zh = words(["zh-CN"]);

const source = (change: Partial<Source> = {}): Source => ({
  ...{ source: "seedlink a", state: "live", reason: "", since: 0, last: null },
  ...{ packets: 0, waiting: 0, connections: 1, dropped: {} },
  ...change,
});

const report = (change: Partial<Report> = {}): Report => ({
  ...{ now: 9, started: 0, alive: true, ready: true, missing: [], problems: [] },
  ...{ stations: [station()], sources: [source()], stages: [], dropped: {}, alerts: {} },
  clock: { state: "good", reason: "", synchronised: null, offset: 0, jumps: 0, behind: 0 },
  keeping: { record: "", tail: "" },
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
  ])("send %s seconds as %s", (value, text) => expect(seconds(t, value)).toBe(text));

  it("send acceleration in gal", () => {
    expect(gal(0.00012345)).toBe("0.0123");
    expect(gal(null)).toBe(UNKNOWN);
  });

  it("send the largest count first", () => {
    expect(counted(t, { b: 1, a: 1, c: 9 })).toBe("c 9, a 1, b 1");
    expect(counted(t, {})).toBe("none");
  });

  it("send time in UTC", () => expect(clockTime(1_700_000_000)).toBe("22:13:20 UTC"));
});

describe("order", () => {
  it("puts what is unknown last in both directions", () => {
    const rows = [station({ code: "A", latency: null }), station({ code: "B" })];
    for (const down of [false, true])
      expect(sorted(t, rows, column("column.latency"), down).map((s) => s.code)).toEqual([
        "B",
        "A",
      ]);
  });

  it("puts the worst state first", () => {
    const rows = ["good", "never", "late"].map((state) => station({ state }));
    expect(sorted(t, rows, column("column.state"), false).map((s) => s.state)).toEqual([
      "never",
      "late",
      "good",
    ]);
  });

  it("loses and doubles no row, whatever the column", () => {
    const rows = fc.array(
      fc.record({
        latency: fc.option(fc.double({ noNaN: true })),
        picks: fc.nat(),
        state: fc.constantFrom("good", "late", "new one"),
      }),
    );
    fc.assert(
      fc.property(rows, fc.nat(STATIONS.length - 1), fc.boolean(), (changes, at, down) => {
        const made = changes.map((change, n) => station({ ...change, code: `S${n}` }));
        const after = sorted(t, made, STATIONS[at]!, down).map((s) => s.code);
        expect([...after].sort()).toEqual(made.map((s) => s.code).sort());
      }),
    );
  });
});

describe("states", () => {
  it.each(Object.keys(TEXTS))("advise on all but good, in %s", (code) => {
    const t = words([code]);
    for (const state of STATION_STATES.filter((each) => each !== "good"))
      expect(stationAdvice(t, state), state).toBe(t.term("advice", state));
    expect(stationAdvice(t, "good")).toBe("");
  });

  it("have a word in every language", () => {
    for (const state of STATION_STATES)
      expect(`station.${state}` in TEXTS["en"]!, state).toBe(true);
    for (const state of SOURCE_STATES) expect(`source.${state}` in TEXTS["en"]!, state).toBe(true);
  });

  it("of a later version are shown, first of all", () => {
    expect(stationRank("on fire")).toBeLessThan(stationRank("never"));
    expect(stationAdvice(zh, "on fire")).toBe("");
    expect(column("column.state").text(station({ state: "on fire" }), zh)).toBe("on fire");
  });

  it("are in words in every table", () => {
    expect(column("column.state").text(station({ state: "stuck" }), t)).toBe("stuck");
    expect(column("column.state").text(station({ state: "stuck" }), zh)).toBe("数值不变");
    expect(SOURCES.map((each) => each.name)).toContain("column.state");
  });
});

describe("problems", () => {
  const ARRIVE = "arrive before their time, by about the same";
  const text = (parts: readonly Part[]) => parts.map((part) => part.text).join("");

  it("are the server's own words in English", () => {
    const lines = ["1 of 2 stations are not usable, such as ST.B", "the sky falls"];
    expect(problems(t, lines).map(text)).toEqual(lines);
  });

  it.each([
    ["the pipeline has emitted nothing for 16 s; packets wait", ["16"]],
    ["1 of 3 sources deliver nothing, such as seedlink a", ["1", "3", "seedlink a"]],
    ["2 of 250 stations are not usable, such as ST.B", ["2", "250", "ST.B"]],
    ["system clock: it jumped by -0.250 s 12 s ago", ["-0.250", "12"]],
    ["system clock: it drifts by +210 ppm", ["+210"]],
    ["system clock: it is behind by 3.2 s: samples of 40 of 44 stations " + ARRIVE, ["3.2", "44"]],
    ["ST.B is not used from seedlink a: another source delivers different samples", ["ST.B"]],
    ["ST.B: wrong gain: 0.01 of the others' motion", ["ST.B", "0.01 of the others' motion"]],
    ["record: not stored: Read-only file system", ["Read-only file system"]],
    ["channel siren cannot send: no connection: refused", ["siren", "no connection: refused"]],
  ])("have the server's figures in every language: %s", (line, figures) => {
    for (const code of CODES) {
      const [parts] = problems(words([code]), [line]);
      for (const figure of figures) expect(text(parts!)).toContain(figure);
    }
  });

  it("leave a reason in the server's words, and name what is stored", () => {
    expect(problems(zh, ["record: not stored: Read-only file system"])[0]).toEqual([
      { text: "事件记录", english: false },
      { text: "未能保存：", english: false },
      { text: "Read-only file system", english: true },
    ]);
  });

  it("that only the server knows stay in its words", () => {
    expect(problems(zh, ["the sky falls"])).toEqual([[{ text: "the sky falls", english: true }]]);
  });
});

describe("words of others", () => {
  it("are called English", () => {
    const refused = column("column.refused");
    expect(refused.english!(station({ dropped: { "wrong rate": 1 } }))).toBe(true);
    expect(refused.english!(station())).toBe(false);
    expect(refused.text(station(), zh)).toBe("无");
  });
});

describe("the verdict", () => {
  it("is green only where the last answer is that it would warn", () => {
    expect(statusLine(t, report(), false)).toEqual({ well: true, text: t("ready") });
    const lost = statusLine(t, report(), true);
    expect(lost.well).toBe(false);
    expect(lost.text).not.toMatch(/Ready/);
  });
  it.each([
    ["test", /Test only: no alerts are shown/],
    ["drill", /Drills only/],
  ])("in mode %s it is named", (mode, words) => {
    const { well, text } = statusLine(t, report({ mode }), false);
    expect(well).toBe(false);
    expect(text).toMatch(words);
    expect(statusLine(t, report({ mode, ready: false }), false).text).toMatch(words);
  });
});
