import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Board } from "../../../console/feed/board";
import { FrameClock } from "../../../console/feed/frame_clock";
import { History, STEP_MS, STEPS } from "../../../console/feed/history";
import {
  type FrameWire,
  type PickWire,
  readFrame,
  type VersionWire,
} from "../../../console/feed/wire";

const NOW = 1_790_000_000_000;

const version = (n: number, at = NOW, magnitude = 6): VersionWire =>
  [
    ...[n, at, NOW - 5000, 35.1, 135.2, 12, 3].map(Number),
    ...[magnitude, 0.3, 0.98, 4],
  ] as unknown as VersionWire;

const event = (
  name: string,
  versions: VersionWire[],
  arrivals: [number, number, boolean][] = [],
) => ({
  ...{ event: name, versions, arrivals, time_sigma: 0.3, depth_sigma_km: 4 },
  ...{ line: null, gone: null },
});

const hello = (change: Partial<FrameWire> = {}): FrameWire => ({
  ...{ type: "hello", n: 1, now: NOW },
  stations: [
    ["ST.A", 35, 135],
    ["ST.B", 35.2, 135],
  ],
  ...change,
});

const frame = (change: Partial<FrameWire>): FrameWire => ({
  ...{ type: "frame", n: 2, now: NOW },
  ...change,
});

function begun(...frames: FrameWire[]): Board {
  const board = new Board();
  for (const each of [hello(), ...frames]) board.apply(each);
  return board;
}

describe("what the server sends", () => {
  it("is refused where it is no frame", () => {
    for (const text of ["", "null", "{}", '{"type":"frame"}', '{"type":"other","now":1}', "[1]"])
      expect(readFrame(text)).toBeNull();
    expect(readFrame('{"type":"frame","n":1,"now":5,"later":true}')?.now).toBe(5);
  });
});

describe("the board", () => {
  it("keeps the stations of the hello and changes the rows that a frame names", () => {
    const board = begun(frame({ rows: [[1, 5.3, 5.6, "good", 0.4]] }));
    expect(board.stations.map(({ code, level, condition }) => [code, level, condition])).toEqual([
      ["ST.A", null, "never"],
      ["ST.B", 5.3, "good"],
    ]);
    board.apply(frame({ rows: [[7, 9, 9, "good", 1]] })); // a row that there is not
    expect(board.stations).toHaveLength(2);
  });

  it("says which picks an event has now, and no longer those that it had", () => {
    const picks: PickWire[] = [
      [1, 0, "P", NOW - 3000],
      [2, 1, "P", NOW - 2000],
    ];
    const board = begun(frame({ picks }));
    board.apply(frame({ events: [event("e", [version(1)], [[1, 0.1, true]])] }));
    expect(board.picks.map((pick) => pick.event)).toEqual(["e", null]);
    board.apply(frame({ events: [event("e", [version(2)], [[2, -0.2, true]])] }));
    expect(board.picks.map((pick) => pick.event)).toEqual([null, "e"]);
    expect(board.stations[1]?.p?.residual).toBe(-0.2);
    board.apply(frame({ withdrawn: [2] }));
    expect(board.stations[1]?.p).toBeNull();
    expect(board.picks.map((pick) => pick.n)).toEqual([1]);
  });

  it("does not double what a frame repeats, as the first after a hello may", () => {
    const message = { id: "e.1" } as never;
    const change = {
      picks: [[1, 0, "P", NOW]] as PickWire[],
      events: [event("e", [version(1), version(2)])],
      messages: [message],
    };
    const board = begun(frame(change), frame(change));
    expect(board.picks).toHaveLength(1);
    expect(board.events[0]?.versions.map(({ n }) => n)).toEqual([1, 2]);
    expect(board.messages).toHaveLength(1);
  });

  it("shows the strongest event that stands", () => {
    const board = begun(
      frame({
        events: [
          event("small", [version(1, NOW, 4)]),
          { ...event("great", [version(1, NOW, 8)]), gone: "storm" },
          event("large", [version(1, NOW, 7)]),
        ],
      }),
    );
    expect(board.main?.id).toBe("large");
    board.apply(frame({ now: NOW + 1_000_000 }));
    expect(board.main).toBeNull();
  });

  it("starts anew with a hello and forgets what is old, so that a page may stay open", () => {
    const board = begun(frame({ picks: [[1, 0, "P", NOW]] }));
    board.apply(frame({ now: NOW + 400_000, picks: [[2, 0, "P", NOW + 399_000]] }));
    expect(board.picks.map(({ n }) => n)).toEqual([2]);
    board.apply(hello());
    expect(board.picks).toHaveLength(0);
  });

  it("bears any frames in any order", () => {
    const any = fc.record(
      {
        type: fc.constant("frame" as const),
        n: fc.nat(),
        now: fc.integer({ min: 0, max: 2 * NOW }),
        picks: fc.array(
          fc.tuple(
            fc.nat(40),
            fc.nat(5),
            fc.constantFrom("P" as const, "S" as const),
            fc.nat(2 * NOW),
          ),
        ),
        withdrawn: fc.array(fc.nat(40)),
        events: fc.array(
          fc
            .tuple(fc.constantFrom("a", "b"), fc.nat(9), fc.array(fc.nat(40)))
            .map(([name, n, used]) =>
              event(
                name,
                [version(n)],
                used.map((each) => [each, 0, true]),
              ),
            ),
        ),
      },
      { requiredKeys: ["type", "n", "now"] },
    );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), (frames) => {
        const board = begun(...frames);
        const known = new Set(board.picks.map(({ n }) => n));
        expect(known.size).toBe(board.picks.length);
        for (const { p, s } of board.stations)
          for (const pick of [p, s]) expect(pick === null || known.has(pick.n)).toBe(true);
        for (const { versions } of board.events)
          expect(new Set(versions.map(({ n }) => n)).size).toBe(versions.length);
      }),
      { numRuns: 60 },
    );
  });
});

describe("the history of intensities", () => {
  it("is a ring: its newest steps are those of the last two minutes", () => {
    const history = new History(2);
    for (let n = 0; n < STEPS + 10; n++)
      history.note(NOW + n * STEP_MS, (row) => (row ? null : n / 10));
    const at = (back: number) => history.tenths[(history.newest - back) % STEPS];
    expect([at(0), at(1)]).toEqual([STEPS + 9, STEPS + 8]);
    expect(history.tenths[STEPS + 3]).toBe(0);
    expect(history.tenths).toHaveLength(2 * STEPS);
  });

  it("repeats a level over steps without a frame, and begins again when the clock goes back", () => {
    const history = new History(1);
    history.note(NOW, () => 3);
    expect(history.note(NOW + 100, () => 9)).toBe(false);
    history.note(NOW + 3 * STEP_MS, () => 5);
    const values = [3, 2, 1, 0].map((back) => history.tenths[(history.newest - back) % STEPS]);
    expect(values).toEqual([30, 50, 50, 50]);
    history.note(NOW - 60_000, () => 1);
    expect(Array.from(history.tenths).filter(Boolean)).toEqual([10]);
  });
});

describe("the server's time between frames", () => {
  it("goes on at the pace of the frames, and stands while they stand", () => {
    const clock = new FrameClock();
    for (let n = 0; n < 20; n++) clock.frame(NOW + n * 200, 1000 + n * 200);
    expect(clock.time(4900) - NOW).toBeCloseTo(3900, -1);
    for (let n = 0; n < 3; n++) clock.frame(NOW + 3800, 5800 + n * 1000);
    expect(clock.time(8300)).toBe(NOW + 3800);
    expect(clock.age(8300)).toBe(500);
  });

  it("does not run on for ever without frames", () => {
    const clock = new FrameClock();
    clock.frame(NOW, 1000);
    expect(clock.time(1_000_000)).toBeLessThan(NOW + 2000);
    expect(new FrameClock().age(5)).toBe(Number.POSITIVE_INFINITY);
  });
});
