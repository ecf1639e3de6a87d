/** What a message makes of an earthquake, at the limits from both sides. */

import { describe, expect, it } from "vitest";
import { shownQuake } from "../../core/alert/quake";
import { type Event, next, start } from "../../core/alert/state";
import { forecast } from "../../core/forecast/forecast";
import { geohash } from "../../core/forecast/geohash";
import type { Message } from "../../core/stream/message";
import { context, message, PLACE, straightRays } from "../examples";
import { afterS, expected, NOW, phase, receivedAt, send, stateAfter } from "../simulate";

describe("late", () => {
  const { sArrival, end } = expected();
  const half = (end - sArrival) / 2000;
  it("is received with less than half of the shaking still to come", () => {
    expect(half).toBeGreaterThan(10);
    expect(phase(stateAfter([receivedAt(afterS(half - 0.5))]))).toBe("shaking");
    expect(phase(stateAfter([receivedAt(afterS(half + 0.5))]))).toBe("late");
  });
  it.each([0.1, 30, 110])("%s s after the shaking there is no alarm: it has passed", (seconds) => {
    const at = end + seconds * 1000;
    const step = next(start(), receivedAt(at)[1], at, context({ deviceNow: at }));
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
      phase(stateAfter([[at(seconds), send({ ...(unknown as object), iss: NOW })]]));
    expect([opened(59), opened(61)]).toEqual(["imminent", "passed"]);
  });
  it("counts from S, not from P", () => {
    expect(expected().pArrival + half * 1000).toBeLessThan(afterS(half - 3));
    expect(phase(stateAfter([receivedAt(afterS(half - 3))]))).toBe("shaking");
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
    expect(phase(stateAfter([[NOW, send({ st, sxy: 0 })]]))).toBe(is);
  });
  it.each([
    [3.8, "countdown"],
    [4.2, "imminent"],
  ])("of %s s with 10 s left: %s", (st, is) => {
    expect(phase(stateAfter([receivedAt(afterS(-10), { st, sxy: 0 })]))).toBe(is);
  });
  it.each([
    [{ place: { ...PLACE, accuracyKm: 10 } }, "countdown"],
    [{ place: { ...PLACE, accuracyKm: 10.1 } }, "imminent"],
    [{ clockErrorS: 2 }, "countdown"],
    [{ clockErrorS: 2.1 }, "imminent"],
  ])("with %o: %s", (change, is) => {
    expect(phase(stateAfter([[NOW, send({ sxy: 0 })]], 0, change))).toBe(is);
  });
  it("the number is what is left at least: less the clock's error, rounded down", () => {
    const { sArrival } = expected();
    const state = stateAfter([[NOW, send()]], 0, { clockErrorS: 1.5 });
    const left = Math.floor((sArrival - 1500 - NOW) / 1000);
    expect(shownQuake(state)?.seconds).toBe(left);
  });
});

describe("the level", () => {
  const { mmi } = expected();
  it("is reached at its threshold, not above it", () => {
    const at = (change: object) =>
      shownQuake(
        stateAfter([[NOW, send()]], 0, {
          thresholds: { noticeFrom: 3.5, alertFrom: 5, ...change },
        }),
      )?.level;
    expect(at({ alertFrom: mmi })).toBe(2);
    expect(at({ noticeFrom: mmi, alertFrom: 9 })).toBe(1);
  });
  it("never falls while the alert stands", () => {
    const events: [number, Event][] = [
      [NOW, send({ m: 8.5 })],
      [NOW + 1000, send({ n: 2, kind: "update" })],
    ];
    expect(shownQuake(stateAfter(events))?.level).toBe(3);
  });
  it("a notice that was closed does not come back at the same level", () => {
    const light = { m: 5.5 };
    const events: [number, Event][] = [
      [NOW, send(light)],
      [NOW + 1000, { type: "ok" }],
      [NOW + 2000, send({ ...light, n: 2, kind: "update" })],
    ];
    expect(phase(stateAfter(events))).toBeNull();
  });
});

describe("a version that falls below the alert level", () => {
  const weaker = (below: number, change: Partial<Message> = {}) => {
    const b = 5 - below - expected({ b: 0 }).mmi;
    return stateAfter([
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
    const before = stateAfter([[NOW, send()]]);
    const state = stateAfter(
      [[NOW + 1000, send({ n: 2, kind: "update", [field]: null })]],
      0,
      {},
      before,
    );
    expect(state.quakes[0]?.message.n).toBe(2);
    expect(state.quakes[0]?.forecast).toEqual(before.quakes[0]?.forecast);
  });
});
