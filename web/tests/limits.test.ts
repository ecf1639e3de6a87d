/** Limits at which a device changes its mind, each from both sides. */

import { describe, expect, it } from "vitest";
import { Clock } from "../core/clock";
import { distanceKm } from "../core/distance";
import { type Forecast, forecast } from "../core/forecast";
import { geohash } from "../core/geohash";
import { closeDrills, record } from "../core/history";
import type { Message } from "../core/message";
import type { Entry, Quake, State } from "../core/model";
import { enter, newQuake, rewound, shownQuake } from "../core/quake";
import { concurrentOf, isRealLately } from "../core/recent";
import { markShown } from "../core/screen";
import { shakingDuration } from "../core/shaking_duration";
import { type Context, type Event, next, start } from "../core/state";
import { maySound } from "../core/swarm";
import { context, message, PLACE, straightRays, T0 } from "./examples";
import { send } from "./simulate";

const NOW = T0 + 6000;
const DAY_MS = 86_400_000;

/** What the example's place expects of a message. */
function expected(change: Partial<Message> = {}): Forecast {
  return forecast(message(change), PLACE, straightRays())!;
}

/** The state after events at their times (server ms), with a tick each second until `until`. */
function after(
  events: [at: number, event: Event][],
  until = 0,
  change: Partial<Context> = {},
  state: State = start(),
): State {
  const begin = events[0]?.[0] ?? until;
  const ticks: [number, Event][] = [];
  for (let at = begin + 1000; at < until; at += 1000) ticks.push([at, { type: "tick" }]);
  const all = [...events, ...ticks, [Math.max(until, begin), { type: "tick" }] as [number, Event]];
  all.sort((a, b) => a[0] - b[0]);
  return all.reduce(
    (old, [at, event]) => next(old, event, at, context({ deviceNow: at, ...change })).state,
    state,
  );
}

const phase = (state: State) => shownQuake(state)?.phase ?? null;

/** A message that comes x seconds after S. */
function toldAfterS(x: number): number {
  return expected().sArrival + x * 1000;
}

const told = (at: number, change: Partial<Message> = {}): [number, Event] => [
  at,
  send({ iss: at, exp: at + 180_000, ...change }),
];

describe("late", () => {
  const { sArrival, end } = expected();
  const half = (end - sArrival) / 2000;
  it("is told with less than half of the shaking still to come", () => {
    expect(half).toBeGreaterThan(10);
    expect(phase(after([told(toldAfterS(half - 0.5))]))).toBe("shaking");
    expect(phase(after([told(toldAfterS(half + 0.5))]))).toBe("late");
  });
  it.each([0.1, 30, 110])("%s s after the shaking there is no alarm: it has passed", (seconds) => {
    const at = end + seconds * 1000;
    const step = next(start(), told(at)[1], at, context({ deviceNow: at }));
    expect(phase(step.state)).toBe("passed");
    expect(step.effects.filter((one) => one.do !== "quiet")).toEqual([
      { do: "announce", politely: true, utterance: "passed" },
    ]);
  });
  it("also where the source is not known: a minute after the message", () => {
    const cells = { [geohash(PLACE.lat, PLACE.lon)]: 7 };
    const unknown = { t0: null, lat: null, lon: null, m: null, cells } as never;
    const at = (seconds: number) => NOW + seconds * 1000;
    const opened = (seconds: number) =>
      phase(after([[at(seconds), send({ ...(unknown as object), iss: NOW })]]));
    expect([opened(59), opened(61)]).toEqual(["imminent", "passed"]);
  });
  it("counts from S, not from P", () => {
    expect(expected().pArrival + half * 1000).toBeLessThan(toldAfterS(half - 3));
    expect(phase(after([told(toldAfterS(half - 3))]))).toBe("shaking");
  });
});

describe("the sigma of the arrival", () => {
  it("is that of origin time, epicentre and place, the last two at 3.5 km/s", () => {
    const place = { ...PLACE, accuracyKm: 3.5 };
    const { sigmaS } = forecast(message({ st: 0.6, sxy: 7 }), place, straightRays())!;
    expect(sigmaS).toBeCloseTo(Math.hypot(0.6, 2, 1), 6);
  });
  it.each([
    [4.9, "countdown"],
    [5.6, "imminent"],
  ])("of %s s with 17.8 s left: %s", (st, is) => {
    expect(phase(after([[NOW, send({ st, sxy: 0 })]]))).toBe(is);
  });
  it.each([
    [3.8, "countdown"],
    [4.2, "imminent"],
  ])("of %s s with 10 s left: %s", (st, is) => {
    expect(phase(after([told(toldAfterS(-10), { st, sxy: 0 })]))).toBe(is);
  });
  it.each([
    [{ place: { ...PLACE, accuracyKm: 10 } }, "countdown"],
    [{ place: { ...PLACE, accuracyKm: 10.1 } }, "imminent"],
    [{ clockErrorS: 2 }, "countdown"],
    [{ clockErrorS: 2.1 }, "imminent"],
  ])("with %o: %s", (change, is) => {
    expect(phase(after([[NOW, send({ sxy: 0 })]], 0, change))).toBe(is);
  });
  it("the number is what is left at least: less the clock's error, rounded down", () => {
    const { sArrival } = expected();
    const state = after([[NOW, send()]], 0, { clockErrorS: 1.5 });
    const left = Math.floor((sArrival - 1500 - NOW) / 1000);
    expect(shownQuake(state)?.seconds).toBe(left);
  });
});

describe("the level", () => {
  const { mmi } = expected();
  it("is reached at its threshold, not above it", () => {
    const at = (change: object) =>
      shownQuake(
        after([[NOW, send()]], 0, { thresholds: { noticeFrom: 3.5, alertFrom: 5, ...change } }),
      )?.level;
    expect(at({ alertFrom: mmi })).toBe(2);
    expect(at({ noticeFrom: mmi, alertFrom: 9 })).toBe(1);
  });
  it("never falls while the alert stands", () => {
    const events: [number, Event][] = [
      [NOW, send({ m: 8.5 })],
      [NOW + 1000, send({ n: 2, kind: "update" })],
    ];
    expect(shownQuake(after(events))?.level).toBe(3);
  });
  it("a notice that was closed does not come back at the same level", () => {
    const light = { m: 5.5 };
    const events: [number, Event][] = [
      [NOW, send(light)],
      [NOW + 1000, { type: "ok" }],
      [NOW + 2000, send({ ...light, n: 2, kind: "update" })],
    ];
    expect(phase(after(events))).toBeNull();
  });
});

describe("a version that falls below the alert level", () => {
  const weaker = (below: number, change: Partial<Message> = {}) => {
    const b = 5 - below - expected({ b: 0 }).mmi;
    return after([
      [NOW, send()],
      [NOW + 1000, send({ n: 2, kind: "update", b, ...change })],
    ]);
  };
  it("by 0.2 is held, by 0.4 is not", () => {
    expect(phase(weaker(0.2))).toBe("countdown");
    expect(phase(weaker(0.4))).toBe("lowered");
  });
  it("is not held where nobody is to act any more", () => {
    expect(phase(weaker(0.1, { level: "aware" }))).toBe("lowered");
  });
});

describe("a version that does not name the source", () => {
  it.each(["t0", "lat", "lon", "m"])("without %s leaves the forecast as it is", (field) => {
    const before = after([[NOW, send()]]);
    const state = after(
      [[NOW + 1000, send({ n: 2, kind: "update", [field]: null })]],
      0,
      {},
      before,
    );
    expect(state.quakes[0]?.message.n).toBe(2);
    expect(state.quakes[0]?.forecast).toEqual(before.quakes[0]?.forecast);
  });
});

describe("an earthquake that has passed", () => {
  it("does not begin again for more of the same", () => {
    const first = { m: 6, b: 6.2 - expected({ m: 6 }).mmi };
    const longer = { m: 8.3, b: 6.4 - expected({ m: 8.3 }).mmi };
    const over = expected(first).end + 1000;
    const before = after([[NOW, send(first)]], over);
    expect(phase(before)).toBe("passed");
    const update = { n: 2, kind: "update", iss: over, exp: over + 180_000 } as const;
    const same = after([[over, send({ ...longer, ...update })]], 0, {}, before);
    expect(phase(same)).toBe("passed");
    const worse = { ...longer, b: (longer.b ?? 0) + 1.5 };
    expect(phase(after([[over, send({ ...worse, ...update })]], 0, {}, before))).toBe("shaking");
  });
  it("a follow-up only completes what is known", () => {
    const before = after([[NOW, send()]], NOW + 110_000);
    const late: Event = send({ n: 5, kind: "follow_up", m: 7.4, exp: NOW + 600_000 });
    const state = after([[NOW + 111_000, late]], 0, {}, before);
    expect(state.quakes[0]?.message.m).toBe(7.4);
    expect(phase(state)).toBe(phase(before));
  });
});

it("one station alone never counts down, however sure it is of the arrival", () => {
  const single = {
    ns: 1,
    near: [PLACE.lat, PLACE.lon, 40] as [number, number, number],
    st: 0,
    sxy: 0,
  };
  expect(phase(after([[NOW, send({ ...single, ns: 2 })]]))).toBe("countdown");
  expect(phase(after([[NOW, send(single)]]))).toBe("imminent");
});

it("a drill changes nothing of the real earthquake that has its name", () => {
  const events: [number, Event][] = [
    [NOW, send()],
    [NOW + 1000, send({ n: 9, kind: "cancel", why: "false", mode: "drill" })],
  ];
  expect(phase(after(events))).toBe("countdown");
});

describe("a cancel as smaller", () => {
  const smaller = { n: 2, kind: "cancel", why: "smaller", exp: NOW + DAY_MS } as const;
  it("changes nothing where it is strong all the same", () => {
    const events: [number, Event][] = [
      [NOW, send()],
      [NOW + 1000, send(smaller)],
    ];
    expect(phase(after(events))).toBe("countdown");
  });
  it("of a notice lets the notice come again", () => {
    const events: [number, Event][] = [
      [NOW, send({ m: 5.5 })],
      [NOW + 1000, send({ ...smaller, m: 3.2 })],
    ];
    expect(phase(after(events))).toBeNull();
    const again = send({ n: 3, kind: "update", m: 5.5 });
    expect(phase(after([...events, [NOW + 2000, again]]))).toBe("notice");
  });
});

it("what was taken back and begins again has asked to act when it first did", () => {
  const events: [number, Event][] = [
    [NOW, send()],
    [NOW + 1000, send({ n: 2, kind: "cancel", why: "false", exp: NOW + DAY_MS })],
    [NOW + 3000, send({ n: 3, kind: "update" })],
  ];
  const state = after(events);
  expect(phase(state)).toBe("countdown");
  expect(state.quakes[0]?.actedAt).toBe(NOW);
});

describe("how long a phase stays", () => {
  it("told in the middle of the shaking, it shakes for 20 s at least", () => {
    const weak = { m: 5, b: 5.5 - expected({ m: 5 }).mmi };
    const { sArrival, end } = expected(weak);
    const at = sArrival + (end - sArrival) * 0.45;
    expect(phase(after([told(at, weak)], at + 19_500))).toBe("shaking");
    expect(phase(after([told(at, weak)], at + 20_500))).toBe("passed");
  });
  it("and for three minutes at most, however far the end is put off", () => {
    const { sArrival } = expected();
    const began: [number, Event][] = [[NOW, send()]];
    const off = { n: 2, kind: "update", t0: T0 + 200_000, exp: T0 + 600_000 } as const;
    const events: [number, Event][] = [...began, [sArrival + 5000, send(off)]];
    expect(phase(after(events, sArrival + 175_000))).toBe("shaking");
    expect(phase(after(events, sArrival + 185_000))).toBe("passed");
  });
  it("without a source the warning stands for a minute", () => {
    const unknown = {
      t0: null,
      lat: null,
      lon: null,
      m: null,
      cells: { [geohash(PLACE.lat, PLACE.lon)]: 6 },
    };
    expect(phase(after([[NOW, send(unknown)]], NOW + 59_000))).toBe("imminent");
    expect(phase(after([[NOW, send(unknown)]], NOW + 62_000))).toBe("passed");
  });
  it("what was taken back is on the screen for five minutes", () => {
    const events: [number, Event][] = [
      [NOW, send()],
      [NOW + 1000, send({ n: 2, kind: "cancel", why: "false", exp: NOW + DAY_MS })],
    ];
    expect(phase(after(events, NOW + 299_000))).toBe("cancelled");
    expect(phase(after(events, NOW + 303_000))).toBeNull();
  });
  it("what is to be done now cannot be closed", () => {
    const at = toldAfterS(3);
    expect(phase(after([told(at), [at + 1000, { type: "ok" }]]))).toBe("shaking");
  });
  it("the server's clock steps back: what began later begins now", () => {
    const quake: Quake = enter(newQuake("k", message(), NOW), "shaking", NOW);
    expect(rewound(quake, NOW - 60_000)).toMatchObject({ phase: "shaking", since: NOW - 60_000 });
    expect(rewound(quake, NOW + 60_000)).toMatchObject({ phase: "shaking", since: NOW });
    expect(rewound(quake, NOW - 599_000).phase).toBe("shaking");
    expect(rewound(quake, NOW - 601_000).phase).toBeNull();
  });
});

describe("a message is refused", () => {
  const is = (at: number, change: Partial<Message>, deviceNow = at, more: Partial<Context> = {}) =>
    phase(after([[at, send(change)]], 0, { deviceNow, ...more })) !== null;
  it("when it was issued more than ten seconds from now", () => {
    expect(is(NOW, { iss: NOW + 9000, exp: NOW + 180_000 })).toBe(true);
    expect(is(NOW, { iss: NOW + 11_000, exp: NOW + 180_000 })).toBe(false);
  });
  it("when it has expired", () => {
    expect(is(NOW, { iss: NOW - 1000, exp: NOW })).toBe(true);
    expect(is(NOW, { iss: NOW - 1000, exp: NOW - 1 })).toBe(false);
  });
  it("when the server's date is more than a day off, either way", () => {
    for (const off of [-1, 1]) {
      expect(is(NOW, {}, NOW + off * 0.9 * DAY_MS, { builtAt: 0 })).toBe(true);
      expect(is(NOW, {}, NOW + off * 1.1 * DAY_MS, { builtAt: 0 })).toBe(false);
    }
  });
  it("a day after it expired a version is still an old one", () => {
    const state = after([[NOW, send({ n: 3, m: 3.2 })]], NOW + 1000);
    const later = NOW + 180_000 + 3_600_000;
    const fresh = { n: 2, t0: later - 6000, iss: later, exp: later + 60_000 };
    expect(phase(after([[later, send(fresh)]], 0, {}, state))).toBeNull();
  });
});

describe("a key that is not listed", () => {
  it("stays a reason not to be ready until it is listed", () => {
    let state = after([[NOW, { type: "refused", why: "refused", key: true }]], NOW + 1000);
    state = after([[NOW + 400_000, { type: "tick" }]], 0, {}, state);
    expect(state.untrusted?.why).toBe("key");
    state = after([[NOW + 401_000, { type: "heartbeat", trusted: true }]], 0, {}, state);
    expect(state.untrusted).toBeNull();
  });
});

describe("ten minutes", () => {
  const quake = (change: Partial<Message>, more: Partial<Quake> = {}): Quake => {
    const source = message(change);
    const seen = forecast(source, PLACE, straightRays());
    return {
      ...newQuake(`actual:${source.id}`, source, NOW),
      forecast: seen,
      shownLevel: 2,
      ...more,
    };
  };
  const cancelled = quake({ id: "e2" }, { phase: "cancelled", takenBack: "false", since: NOW });
  it.each([
    [595, "other"],
    [605, null],
  ])("%s s after the shaking of another earthquake: %s", (later, is) => {
    const other = quake({});
    const now = other.forecast!.end + later * 1000;
    const one = { ...cancelled, since: now };
    expect(concurrentOf(one, [one, other], [], now)).toBe(is);
    expect(isRealLately([other], [], now)).toBe(is !== null);
  });
  it("one that was felt and not told counts, one that was not felt does not", () => {
    const light = (b: number) => quake({ b: b - expected().mmi }, { shownLevel: 0 });
    expect(concurrentOf(cancelled, [cancelled, light(2.6)], [], NOW)).toBe("other");
    expect(concurrentOf(cancelled, [cancelled, light(2.4)], [], NOW)).toBeNull();
  });
  it("a drill or what was withdrawn counts for nothing beside a real one", () => {
    const drill = quake({ mode: "drill" });
    const gone = quake({ id: "e3" }, { takenBack: "false" });
    expect(concurrentOf(cancelled, [cancelled, drill, gone], [], NOW)).toBeNull();
    const smaller = quake({ id: "e3" }, { takenBack: "smaller" });
    expect(concurrentOf(cancelled, [cancelled, smaller], [], NOW)).toBe("other");
  });
  it("tones count for so long, and a stronger one is heard above all of them", () => {
    const tones = [3.6, 3.8, 4].map((mmi) => ({ at: NOW, mmi }));
    expect(maySound(tones, 4.4, NOW + 595_000)).toBe(false);
    expect(maySound(tones, 4.4, NOW + 605_000)).toBe(true);
    expect(maySound(tones, 4.6, NOW)).toBe(true);
    expect(maySound(tones.slice(1), 3.5, NOW)).toBe(true);
  });
});

describe("of two earthquakes", () => {
  it("that are as strong here the one that comes first is shown", () => {
    const near = { id: "a", t0: T0 - 5000 };
    const far = { id: "b", t0: T0 };
    for (const [first, second] of [
      [near, far],
      [far, near],
    ]) {
      const state = after([
        [NOW, send(first!)],
        [NOW + 100, send(second!)],
      ]);
      expect(shownQuake(state)?.message.id).toBe("a");
    }
  });
});

describe("what is shown", () => {
  it("is the stronger one here, whichever comes first", () => {
    const near = { id: "a", t0: T0 - 5000 };
    const strong = { id: "b", m: 8.5 };
    for (const order of [
      [near, strong],
      [strong, near],
    ]) {
      const events = order.map((one, i): [number, Event] => [NOW + i, send(one)]);
      expect(shownQuake(after(events))?.message.id).toBe("b");
    }
  });
  it("a notice of another earthquake does not lie over an alert", () => {
    const light: [number, Event] = [NOW + 1, send({ id: "b", m: 5.5 })];
    expect(after([light]).banner).toBe("actual:b");
    expect(after([[NOW, send()], light]).banner).toBeNull();
  });
  it("the highest level that was shown is remembered", () => {
    const quake: Quake = {
      ...newQuake("k", message(), NOW),
      phase: "countdown",
      level: 2,
      shownLevel: 3,
    };
    const state = { ...start(), quakes: [quake], shown: "k" };
    expect(markShown(quake, state, [], NOW).shownLevel).toBe(3);
    expect(markShown({ ...quake, shownLevel: 1 }, state, [], NOW).shownLevel).toBe(2);
  });
  it("not even a carried-over solution without stations is one station", () => {
    const near: Partial<Message> = { near: [PLACE.lat, PLACE.lon, 40], st: 0, sxy: 0 };
    expect(phase(after([[NOW, send({ ...near, ns: 0 })]]))).toBe("countdown");
  });
});

describe("the sound", () => {
  const effects = (events: [number, Event][]) => {
    let state = start();
    return events.flatMap(([at, event]) => {
      const step = next(state, event, at, context({ deviceNow: at }));
      state = step.state;
      return step.effects;
    });
  };
  const sounds = (change: Partial<Message>, at = NOW) =>
    effects([[at, send(change)]]).flatMap((one) => (one.do === "alarm" ? [one.sound] : []));
  const cancel: [number, Event] = [
    NOW + 1000,
    send({ n: 2, kind: "cancel", why: "false", exp: NOW + DAY_MS }),
  ];
  it("is that of the level, or of a drill", () => {
    expect(sounds({ m: 5.5 })).toEqual(["S1"]);
    expect(sounds({})).toEqual(["S2"]);
    expect(sounds({ m: 8.5 })).toEqual(["S3"]);
    expect(sounds({ mode: "drill" })).toEqual(["SD"]);
  });
  it("is made for what is told too late as well", () => {
    const { sArrival, end } = expected();
    const at = sArrival + 0.6 * (end - sArrival);
    expect(sounds({ iss: at - 1000 }, at)).toEqual(["S2"]);
  });
  it("is not made for what was issued two minutes ago", () => {
    expect(sounds({ iss: NOW - 119_000 })).toEqual(["S2"]);
    expect(sounds({ iss: NOW - 121_000 })).toEqual([]);
  });
  it("of an end is heard where its beginning was", () => {
    const chimes = (change: Partial<Message>) =>
      effects([[NOW, send(change)], cancel]).filter((one) => one.do === "chime").length;
    expect(chimes({})).toBe(1);
    expect(chimes({ iss: NOW - 121_000 })).toBe(0);
  });
  it("stops when it is asked to", () => {
    const done = effects([
      [NOW, send()],
      [NOW + 100, { type: "stop" }],
    ]);
    expect(done.at(-1)).toEqual({ do: "quiet" });
  });
  it("the numbers 20, 10 and 5 are spoken", () => {
    const at = toldAfterS(-25);
    const events = [told(at)];
    for (let ms = 100; ms < 24_000; ms += 100) events.push([at + ms, { type: "tick" }]);
    const spoken = effects(events).filter((one) => one.do === "speak");
    expect(spoken).toHaveLength(3);
  });
});

describe("the history", () => {
  const entry = (i: number): Entry => ({ key: `k${i}`, outcome: "test", received: i });
  it("keeps the last fifty, newest first", () => {
    let history: readonly Entry[] = [];
    for (let i = 0; i < 60; i++) history = record(history, entry(i));
    expect(history.map((one) => one.received)).toEqual(
      Array.from({ length: 50 }, (_, i) => 59 - i),
    );
  });
  it("keeps when an earthquake was first received, and how loudly it was told", () => {
    const quake: Quake = { ...newQuake("actual:e1", message(), NOW), shownLevel: 2 };
    const first = record([], quake);
    const later = record(first, { ...quake, shownLevel: 0, since: NOW + 50_000 });
    expect(later[0]).toMatchObject({ received: NOW, told: 2 });
  });
  it("a real one stays open when the server's clock steps back", () => {
    const real = { ...entry(1), mode: "actual" };
    expect(closeDrills([real])).toEqual([real]);
    expect(closeDrills([{ ...real, mode: "drill" }])[0]?.past).toBe(true);
  });
});

describe("the forecast", () => {
  it("ends the shaking one duration of it after S", () => {
    const { sArrival, end, distanceKm: km } = expected();
    expect((end - sArrival) / 1000).toBeCloseTo(shakingDuration(7.7, km), 6);
  });
  it("has no intensity beyond 400 km, and holds the magnitude within the model's range", () => {
    const north = (km: number) => ({ lat: PLACE.lat + km / 111.19, lon: PLACE.lon, dep: 0 });
    expect(distanceKm(PLACE, north(390) as never)).toBeCloseTo(390, 0);
    expect(expected({ ...north(390), m: 4 }).mmi).toBeGreaterThanOrEqual(1);
    expect(expected({ ...north(415), m: 4 }).mmi).toBeNaN();
    expect(expected({ m: 9.5 }).mmi).toBe(expected({ m: 8.5 }).mmi);
  });
});

describe("the server's clock", () => {
  it("a first guess is replaced by an answer, not by another guess", () => {
    const clock = new Clock();
    clock.guess(1000, T0);
    clock.guess(1000, T0 + 5000);
    expect(clock.now(1000)).toBe(T0);
    clock.greeting(2000, T0 + 9000);
    expect(clock.now(2000)).toBe(T0 + 9000);
  });
});
