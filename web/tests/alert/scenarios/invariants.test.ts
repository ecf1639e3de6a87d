/** A01: the invariants of state.ts, with messages in any order, of any content. */

import fc from "fast-check";
import { describe, it } from "vitest";
import type { Quake, State } from "../../../core/alert/model";
import { bannerQuake, isAlert, shownQuake } from "../../../core/alert/quake";
import type { Event } from "../../../core/alert/state";
import { T0 } from "../../examples";
import { runs } from "../../runs";
import { type RunStep, run, send, shown } from "../../simulate";

const place = fc.record({
  lat: fc.double({ min: 30, max: 32, noNaN: true }),
  lon: fc.double({ min: 103, max: 105, noNaN: true }),
});
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
    ns: fc.constantFrom(1, 1, 2, 9, null),
    b: fc.double({ min: -1, max: 1, noNaN: true }),
    level: fc.constantFrom("aware", "action"),
    near: fc.option(place, { freq: 3 }),
  })
  .map(({ at, where, age, cell, near: station, ...rest }): [number, Event] => {
    const iss = Math.round(T0 + 6000 + at * 1000 - age * 1000);
    const cells: Record<string, number> = cell ? { wm6n: 6.1 } : {};
    const near = station && rest.ns === 1 ? [station.lat, station.lon, 40] : null;
    return [at, send({ ...rest, ...where, cells, near, iss, exp: iss + 300_000 })];
  });
const touch = fc
  .tuple(
    fc.double({ min: 0, max: 55, noNaN: true }),
    fc.constantFrom("ok" as const, "stop" as const),
  )
  .map(([at, type]): [number, Event] => [at, { type }]);
const life = fc.array(
  fc.oneof({ weight: 4, arbitrary: someMessage }, { weight: 1, arbitrary: touch }),
  {
    minLength: 1,
    maxLength: 8,
  },
);

const sameQuake = (m: RunStep): [Quake, Quake] | null => {
  const after = shown(m);
  const before = m.before.quakes.find((quake) => quake.key === after?.key);
  return after && before ? [before, after] : null;
};

/** expect() would take most of the time of 10,000 lives. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

const INVARIANTS: { [invariant: string]: (steps: RunStep[]) => void } = {
  "1. the level of an alert falls only by a signed message that takes it back": (steps) => {
    for (const m of steps) {
      const both = sameQuake(m);
      if (!both || !isAlert(both[0].phase)) continue;
      must(both[1].level >= both[0].level, "level fell");
      const back = both[1].phase === "cancelled" || both[1].phase === "lowered";
      if (back) must(m.event.type === "message", "taken back by nobody");
      else must(isAlert(both[1].phase) || both[1].phase === "passed", `left to ${both[1].phase}`);
    }
  },
  "2. the number is whole, never negative, and never goes up": (steps) => {
    for (const m of steps) {
      const both = sameQuake(m);
      const seconds = both?.[1].seconds;
      if (!both || seconds == null) continue;
      must(Number.isInteger(seconds) && seconds >= 0, `number ${seconds}`);
      must(both[0].seconds === null || seconds <= both[0].seconds, "number went up");
    }
  },
  "3. while it stands an alert sounds at most twice, each time at a higher level": (steps) => {
    const sounded: { [key: string]: number[] } = {};
    for (const m of steps) {
      for (const { key, phase } of m.before.quakes) {
        if (!isAlert(phase) && phase !== "notice") delete sounded[key];
      }
      for (const effect of m.effects) {
        if (effect.do !== "alarm") continue;
        const key = (effect.level === 1 ? m.state.banner : m.state.shown) as string;
        sounded[key] ??= [];
        const levels = sounded[key];
        must(
          levels.every((level) => level < effect.level),
          "sound without a rise",
        );
        levels.push(effect.level);
        must(levels.filter((level) => level >= 2).length <= 2, "third sound");
      }
    }
  },
  "5. of several alerts the strongest here is shown": (steps) => {
    const mmi = (quake: Quake) => quake.forecast?.mmi ?? 0;
    for (const { state } of steps) {
      const alerts = state.quakes.filter((quake) => isAlert(quake.phase));
      if (alerts.length === 0) continue;
      must(isAlert(shownQuake(state)!.phase), "an alert is hidden");
      must(mmi(shownQuake(state)!) === Math.max(...alerts.map(mmi)), "the weaker is shown");
    }
  },
  "6. without origin time, place or magnitude nothing counts down": (steps) => {
    for (const m of steps) {
      if (m.event.type !== "message") continue;
      const { t0, m: magnitude, id, mode } = m.event.message;
      const of = (state: State) => state.quakes.find((one) => one.key === `${mode}:${id}`);
      const unknown = t0 === null || magnitude === null;
      if (unknown && !of(m.before)?.forecast) must(of(m.state)?.seconds == null, "counts");
    }
  },
  "a single-station alert never counts down, nor is very strong at first": (steps) => {
    for (const m of steps) {
      const quake = shown(m);
      if (quake?.message.ns !== 1) continue;
      const before = m.before.quakes.find((other) => other.key === quake.key);
      if (!before) must(quake.level <= 2 && quake.seconds === null, "too sure");
    }
  },
  "7. what was issued more than 120 s ago makes no sound": (steps) => {
    for (const m of steps) {
      if (!m.effects.some((effect) => effect.do === "alarm")) continue;
      const of = m.effects.some((e) => e.do === "alarm" && e.level === 1)
        ? bannerQuake
        : shownQuake;
      must(m.now - of(m.state)!.message.iss <= 120_000, "old and loud");
    }
  },
  "9. a drill never changes nor hides what is real": (steps) => {
    const real = (state: State) => state.quakes.filter((q) => q.message.mode === "actual");
    for (const m of steps) {
      const drill = m.event.type === "message" && m.event.message.mode === "drill";
      const same = real(m.state).every((q) => real(m.before).some((o) => o.message === q.message));
      if (drill) must(same, "a drill changed a real one");
      const showsDrill = shown(m)?.message.mode === "drill";
      if (showsDrill)
        must(
          real(m.state).every((q) => q.phase === null),
          "a drill hides a real one",
        );
    }
  },
};

describe("A01: invariants, whatever comes", () => {
  it("hold in 10,000 random orders of messages", { timeout: 120_000 }, () => {
    const property = fc.property(life, (events) => {
      const steps = run(events, {}, 60, 2);
      for (const [name, check] of Object.entries(INVARIANTS)) {
        try {
          check(steps);
        } catch (error) {
          throw new Error(`${name}: ${(error as Error).message}`);
        }
      }
    });
    fc.assert(property, { numRuns: runs(10_000), seed: 42 });
  });
});
