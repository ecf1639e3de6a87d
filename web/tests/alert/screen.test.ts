/** Which of several earthquakes is on the screen, and what the history keeps of them. */

import { describe, expect, it } from "vitest";
import { closeDrills, record } from "../../core/alert/history";
import type { Entry, Quake } from "../../core/alert/model";
import { newQuake, shownQuake } from "../../core/alert/quake";
import { concurrentOf, isRealLately } from "../../core/alert/recent";
import { markShown } from "../../core/alert/screen";
import { type Event, start } from "../../core/alert/state";
import { maySound } from "../../core/alert/swarm";
import { forecast } from "../../core/forecast/forecast";
import type { Message } from "../../core/stream/message";
import { message, PLACE, straightRays, T0 } from "../examples";
import { expected, NOW, phase, send, stateAfter } from "../simulate";

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
  it("one that was felt and not shown counts, one that was not felt does not", () => {
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
  it("tones count for so long, and a stronger one is aloud above all of them", () => {
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
      const state = stateAfter([
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
      expect(shownQuake(stateAfter(events))?.message.id).toBe("b");
    }
  });
  it("a notice of another earthquake does not lie over an alert", () => {
    const light: [number, Event] = [NOW + 1, send({ id: "b", m: 5.5 })];
    expect(stateAfter([light]).banner).toBe("actual:b");
    expect(stateAfter([[NOW, send()], light]).banner).toBeNull();
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
    expect(phase(stateAfter([[NOW, send({ ...near, ns: 0 })]]))).toBe("countdown");
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
  it("keeps when an earthquake was first received, and the highest level shown", () => {
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
