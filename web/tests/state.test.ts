import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Effect } from "../core/effects";
import type { Message } from "../core/message";
import { isAlert, shownQuake, type Quake } from "../core/quake";
import { next, start, type Context, type Event, type State } from "../core/state";
import { context, message, T0 } from "./examples";

interface Moment {
  now: number;
  event: Event;
  state: State;
  effects: Effect[];
  before: State;
}

/** Runs events at their times, with ticks between them. */
function run(
  events: [at: number, event: Event][],
  change: Partial<Context> = {},
  until = 60,
  every = 0.2,
): Moment[] {
  const ticks = Array.from(
    { length: until / every },
    (_, i) => [i * every * 1000, { type: "tick" }] as [number, Event],
  );
  const all = [...events.map(([at, event]) => [at * 1000, event] as [number, Event]), ...ticks];
  all.sort((a, b) => a[0] - b[0]);
  let state = start();
  return all.map(([at, event]) => {
    const now = T0 + 6000 + at;
    const before = state;
    const step = next(state, event, now, context({ deviceNow: now, ...change }));
    state = step.state;
    return { now, event, state, effects: step.effects, before };
  });
}

const tell = (change: Partial<Message> | Record<string, unknown> = {}): Event => ({
  type: "message",
  message: message(change),
});
const shown = (moment: Moment | undefined): Quake | null => (moment ? shownQuake(moment.state) : null);
const phases = (moments: Moment[]) =>
  moments
    .map((moment) => shown(moment)?.phase ?? null)
    .filter((phase, i, all) => i === 0 || phase !== all[i - 1]);
const all = (moments: Moment[], kind: Effect["do"]) =>
  moments.flatMap((moment) => moment.effects).filter((effect) => effect.do === kind);

describe("the way of an earthquake", () => {
  it("counts down, shakes, passes, and leaves the list of what to do", () => {
    const moments = run([[0, tell()]], {}, 180);
    expect(phases(moments)).toEqual(["countdown", "imminent", "shaking", "passed", "after"]);
    const numbers = moments.map((m) => shown(m)?.seconds).filter((n) => n != null);
    expect(numbers[0]).toBeGreaterThan(15);
    expect(Math.min(...(numbers as number[]))).toBe(5);
  });
  it("a quake too weak here shows nothing, a light one a notice", () => {
    expect(phases(run([[0, tell({ m: 3.2 })]]))).toEqual([null]);
    expect(phases(run([[0, tell({ m: 5.5 })]], {}, 20))).toEqual(["notice"]);
  });
  it("a notice becomes an alert when the level rises, also after it was closed", () => {
    const light = tell({ m: 5.5 });
    const strong = tell({ n: 2, kind: "update" });
    expect(phases(run([[0, light], [2, strong]], {}, 4))).toEqual(["notice", "countdown"]);
    const closed = run([[0, light], [1, { type: "ok" }], [2, strong]], {}, 4);
    expect(phases(closed)).toEqual(["notice", null, "countdown"]);
  });
  it("told when the waves have passed, it is late", () => {
    const moments = run([[0, tell({ t0: T0 - 54_000 })]], {}, 60);
    expect(phases(moments).slice(0, 2)).toEqual(["late", "passed"]);
  });
  it("a false alert is cancelled, and OK closes it", () => {
    const cancel = tell({ n: 2, kind: "cancel", why: "false" });
    const moments = run([[0, tell()], [3, cancel], [6, { type: "ok" }]], {}, 10);
    expect(phases(moments)).toEqual(["countdown", "cancelled", null]);
    expect(all(moments, "chime")).toEqual([{ do: "chime", sound: "SC", say: "cancelled", level: 2 }]);
  });
  it("a smaller one is lowered only where it will be weak", () => {
    const smaller = (m: number) => tell({ n: 2, kind: "update", why: "smaller", m });
    expect(phases(run([[0, tell()], [3, smaller(5)]], {}, 6))).toEqual(["countdown", "lowered"]);
    expect(phases(run([[0, tell()], [3, smaller(7.6)]], {}, 6))).toEqual(["countdown"]);
  });
  it("the sound ends 20 s into the shaking, at the latest", () => {
    const moments = run([[0, tell({ t0: T0 - 20_000, m: 8 })]], {}, 30);
    const quiet = moments.find((m) => m.effects.some((effect) => effect.do === "quiet"));
    expect((quiet!.now - T0 - 6000) / 1000).toBeLessThanOrEqual(20.2);
  });
});

describe("A06: no number that cannot be trusted", () => {
  const first = (change: Partial<Message>, here: Partial<Context> = {}) =>
    phases(run([[0, tell(change)]], here, 1))[0];
  it("with a clock error above 2 s", () => {
    expect(first({}, { clockErrorS: 1.9 })).toBe("countdown");
    expect(first({}, { clockErrorS: 2.1 })).toBe("imminent");
    expect(first({}, { clockErrorS: Infinity })).toBe("imminent");
  });
  it("with an arrival that may be off by more than 4 s and 30 %", () => {
    expect(first({ sxy: 12 })).toBe("countdown");
    expect(first({ sxy: 40 })).toBe("imminent");
  });
  it("with a place known to no better than 10 km", () => {
    const place = { name: "", lat: 30.66, lon: 104.06, accuracyKm: 11 };
    expect(first({}, { place })).toBe("imminent");
  });
});

describe("A03, A04: what is not acted on", () => {
  const counts = (moments: Moment[]) => all(moments, "alarm").length;
  it("50 copies make one sound", () => {
    const copies = Array.from({ length: 50 }, (_, i) => [i / 10, tell()] as [number, Event]);
    expect(counts(run(copies, {}, 10))).toBe(1);
  });
  it("older versions change nothing", () => {
    const moments = run([[0, tell({ n: 5 })], [1, tell({ n: 4, kind: "cancel", why: "false" })]], {}, 3);
    expect(phases(moments)).toEqual(["countdown"]);
  });
  const refused: [string, Event, Partial<Context>][] = [
    ["expired", tell({ exp: T0 + 5000 }), {}],
    ["future", tell({ iss: T0 + 60_000 }), {}],
    ["test", tell({ mode: "test" }), {}],
    ["night", tell({ mode: "drill" }), { asleep: true }],
    ["clock", tell(), { deviceNow: T0 + 1e9 }],
    ["refused", { type: "refused", why: "refused" }, {}],
  ];
  it.each(refused)("%s: silent, and written down", (why, event, change) => {
    const moments = run([[0, event]], change, 2);
    expect(phases(moments)).toEqual([null]);
    expect(counts(moments)).toBe(0);
    expect(moments[moments.length - 1]!.state.history[0]!.outcome).toBe(why);
  });
  it("a clock that was never set does not stop a real alert", () => {
    const moments = run([[0, tell()]], { deviceNow: T0 - 1e12 }, 1);
    expect(phases(moments)).toEqual(["countdown"]);
  });
});

describe("A07: the connection", () => {
  it("is lost after 30 s without a heartbeat, said once, and found again", () => {
    let state = start();
    const at = (seconds: number, event: Event) => {
      const step = next(state, event, T0, context({ deviceNow: T0 + seconds * 1000 }));
      state = step.state;
      return step.effects;
    };
    at(0, { type: "heartbeat" });
    expect(at(30, { type: "tick" })).toEqual([]);
    expect(at(31, { type: "tick" })).toEqual([{ do: "announce", politely: true, say: "lost" }]);
    expect(at(32, { type: "tick" })).toEqual([]);
    expect(state.lost).toBe(true);
    at(33, { type: "heartbeat" });
    expect(state.lost).toBe(false);
  });
});

describe("A21: Stop sound", () => {
  it("stays stopped for updates unless the level rises", () => {
    const stop: Event = { type: "stop" };
    const update = (n: number, m: number) => tell({ n, m, kind: "update" });
    const events: [number, Event][] = [[0, tell({ m: 7.3 })], [1, stop], [2, update(2, 7.4)]];
    expect(all(run(events, {}, 4), "alarm")).toHaveLength(1);
    const rising = run([...events, [3, update(3, 8.5)]], {}, 5);
    expect(all(rising, "alarm")).toHaveLength(2);
  });
});

describe("A27: what a screen reader is told", () => {
  it("from 30 s to 0 it is four texts, none closer than 4 s", () => {
    const moments = run([[0, tell({ lat: 31.66, lon: 104.06, sxy: 1 })]], {}, 60);
    const urgent = moments.filter((m) => m.effects.some((e) => e.do === "announce"));
    const said = all(moments, "announce").map((effect) => (effect as { say: string }).say);
    expect(said).toEqual(["alert", "seconds", "shaking", "passed"]);
    const gaps = urgent.slice(1).map((m, i) => m.now - urgent[i]!.now);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(4000);
  });
});

// A01: the invariants, with messages in any order, of any content.

const place = fc.record({ lat: fc.double({ min: 30, max: 32, noNaN: true }), lon: fc.double({ min: 103, max: 105, noNaN: true }) });
const someMessage = fc
  .record({
    at: fc.double({ min: 0, max: 55, noNaN: true }),
    id: fc.constantFrom("a", "b"),
    n: fc.integer({ min: 1, max: 9 }),
    mode: fc.constantFrom("actual", "actual", "drill", "test"),
    kind: fc.constantFrom("new", "update", "update", "cancel", "follow_up"),
    why: fc.constantFrom(null, null, "false", "smaller"),
    m: fc.option(fc.double({ min: 3, max: 9, noNaN: true }), { freq: 20 }),
    t0: fc.option(fc.integer({ min: T0 - 60_000, max: T0 + 40_000 }), { freq: 20 }),
    sxy: fc.double({ min: 0, max: 30, noNaN: true }),
    where: place,
    age: fc.double({ min: 0, max: 200, noNaN: true }),
    cell: fc.boolean(),
  })
  .map(({ at, where, age, cell, ...rest }): [number, Event] => {
    const iss = Math.round(T0 + 6000 + at * 1000 - age * 1000);
    const cells: Record<string, number> = cell ? { wm6n: 6.1 } : {};
    return [at, tell({ ...rest, ...where, cells, iss, exp: iss + 300_000 })];
  });
const touch = fc
  .tuple(fc.double({ min: 0, max: 55, noNaN: true }), fc.constantFrom("ok" as const, "stop" as const))
  .map(([at, type]): [number, Event] => [at, { type }]);
const life = fc.array(fc.oneof({ weight: 4, arbitrary: someMessage }, { weight: 1, arbitrary: touch }), {
  minLength: 1,
  maxLength: 8,
});

const sameQuake = (m: Moment): [Quake, Quake] | null => {
  const after = shown(m);
  const before = m.before.quakes.find((quake) => quake.key === after?.key);
  return after && before ? [before, after] : null;
};

/** expect() would take most of the time of 10,000 lives. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

const INVARIANTS: { [invariant: string]: (moments: Moment[]) => void } = {
  "1. the level of an alert falls only by a signed message that takes it back": (moments) => {
    for (const m of moments) {
      const both = sameQuake(m);
      if (!both || !isAlert(both[0].phase)) continue;
      must(both[1].level >= both[0].level, "level fell");
      const back = both[1].phase === "cancelled" || both[1].phase === "lowered";
      if (back) must(m.event.type === "message", "taken back by nobody");
      else must(isAlert(both[1].phase) || both[1].phase === "passed", `left to ${both[1].phase}`);
    }
  },
  "2. the number is whole, never negative, and never goes up": (moments) => {
    for (const m of moments) {
      const both = sameQuake(m);
      const seconds = both?.[1].seconds;
      if (!both || seconds == null) continue;
      must(Number.isInteger(seconds) && seconds >= 0, `number ${seconds}`);
      must(both[0].seconds === null || seconds <= both[0].seconds, "number went up");
    }
  },
  "3. an alert sounds at most twice, each time at a higher level": (moments) => {
    const sounded: { [key: string]: number[] } = {};
    for (const m of moments) {
      for (const effect of m.effects) {
        if (effect.do !== "alarm") continue;
        const levels = (sounded[shown(m)!.key] ??= []);
        must(levels.every((level) => level < effect.level), "sound without a rise");
        levels.push(effect.level);
        must(levels.filter((level) => level >= 2).length <= 2, "third sound");
      }
    }
  },
  "5. of several alerts the strongest here is shown": (moments) => {
    const mmi = (quake: Quake) => quake.forecast?.mmi ?? 0;
    for (const { state } of moments) {
      const alerts = state.quakes.filter((quake) => isAlert(quake.phase));
      if (alerts.length === 0) continue;
      must(isAlert(shownQuake(state)!.phase), "an alert is hidden");
      must(mmi(shownQuake(state)!) === Math.max(...alerts.map(mmi)), "the weaker is shown");
    }
  },
  "6. without origin time, place or magnitude nothing counts down": (moments) => {
    for (const m of moments) {
      if (m.event.type !== "message") continue;
      const { t0, m: magnitude, id, mode } = m.event.message;
      const of = (state: State) => state.quakes.find((one) => one.key === `${mode}:${id}`);
      const unknown = t0 === null || magnitude === null;
      if (unknown && !of(m.before)?.forecast) must(of(m.state)?.seconds == null, "counts");
    }
  },
  "7. what was issued more than 120 s ago makes no sound": (moments) => {
    for (const m of moments) {
      if (!m.effects.some((effect) => effect.do === "alarm")) continue;
      must(m.now - shown(m)!.message.iss <= 120_000, "old and loud");
    }
  },
  "9. a drill never changes nor hides what is real": (moments) => {
    const real = (state: State) => state.quakes.filter((q) => q.message.mode === "actual");
    for (const m of moments) {
      const drill = m.event.type === "message" && m.event.message.mode === "drill";
      const same = real(m.state).every((q) => real(m.before).some((o) => o.message === q.message));
      if (drill) must(same, "a drill changed a real one");
      const showsDrill = shown(m)?.message.mode === "drill";
      if (showsDrill) must(real(m.state).every((q) => q.phase === null), "a drill hides a real one");
    }
  },
};

describe("A01: invariants, whatever comes", () => {
  it("hold in 10,000 random orders of messages", { timeout: 120_000 }, () => {
    const property = fc.property(life, (events) => {
      const moments = run(events, {}, 60, 2);
      for (const [name, check] of Object.entries(INVARIANTS)) {
        try {
          check(moments);
        } catch (error) {
          throw new Error(`${name}: ${(error as Error).message}`);
        }
      }
    });
    fc.assert(property, { numRuns: 10_000, seed: 42 });
  });
});
