/** A screen that nobody attends, and a recorded earthquake that is shown twice. */

import { describe, expect, it } from "vitest";
import { bannerQuake } from "../../../core/alert/quake";
import type { Event } from "../../../core/alert/state";
import { T0 } from "../../examples";
import {
  all,
  CALMING,
  cancelTexts,
  device,
  FALSE,
  last,
  type RunStep,
  run,
  send,
  shown,
} from "../../simulate";

describe("AL-03: a screen that nobody attends", () => {
  const quiet = device();
  quiet.at(0, send());
  for (let seconds = 1; seconds <= 3600; seconds += 1) quiet.at(seconds);
  const shownNow = () => shown({ state: quiet.state() } as RunStep);
  it("leaves the list of what to do after half an hour", () => {
    expect(shownNow()).toBeNull();
  });
  it("shows and sounds a light earthquake while the list is open, and a drill later", () => {
    const page = device();
    page.at(0, send());
    for (let seconds = 1; seconds <= 900; seconds += 1) page.at(seconds);
    expect(shown({ state: page.state() } as RunStep)!.phase).toBe("after");
    const t0 = T0 + 900_000;
    const times = { t0, iss: t0 + 6000, exp: t0 + 180_000 };
    const light = page.at(901, send({ id: "light", m: 5.6, ...times }));
    expect(bannerQuake(page.state())!.message.id).toBe("light");
    expect(light.effects).toContainEqual({
      do: "alarm",
      sound: "S1",
      utterance: "notice",
      level: 1,
    });
    expect(page.state().quakes.some((quake) => quake.phase === "after")).toBe(true);
    const drill = send({ id: "drill", mode: "drill", ...times });
    page.at(902, drill);
    expect(page.state().history[0]!.outcome).toBe("real");
    const later = { t0: t0 + 700_000, iss: t0 + 706_000, exp: t0 + 900_000 };
    page.at(1607, send({ id: "drill", mode: "drill", ...later }));
    expect(shown({ state: page.state() } as RunStep)!.message.mode).toBe("drill");
  });
  it("a notice lies in the banner over an alert that was cancelled, and sounds", () => {
    const events: [number, Event][] = [
      [0, send()],
      [3, send({ n: 2, ...FALSE })],
      [5, send({ id: "light", m: 5.6 })],
    ];
    const steps = run(events, {}, 8);
    expect(shown(last(steps))!.phase).toBe("cancelled");
    expect(bannerQuake(last(steps).state)!.message.id).toBe("light");
    expect(all(steps, "alarm")).toHaveLength(2);
    expect(cancelTexts(shown(last(steps))!)).not.toMatch(CALMING);
  });
});

describe("AL-25: a recorded earthquake shown twice with the page open", () => {
  const showing: [number, Event][] = [
    [0, send({ mode: "drill" })],
    [10, send({ mode: "drill", n: 2, kind: "update", m: 7.8, iss: T0 + 16_000 })],
  ];
  const show = (page: ReturnType<typeof device>, events: [number, Event][]) =>
    events.flatMap(([at, event]) => page.at(at, event).effects).filter((e) => e.do === "alarm");
  it("alerts each time, and is written down each time", () => {
    const page = device();
    expect(show(page, showing)).toHaveLength(1);
    page.at(100);
    page.at(-8, { type: "heartbeat" });
    expect(show(page, showing)).toHaveLength(1);
    expect(page.state().history).toHaveLength(2);
  });
  it("a real alert is not shown again by a clock that steps back", () => {
    const page = device();
    show(page, [[0, send()]]);
    page.at(100);
    page.at(-8, { type: "heartbeat" });
    expect(show(page, [[0, send()]])).toHaveLength(0);
  });
  it.each([5.6, 7.7])("a clock that steps back by a year keeps no screen for a year, M%f", (m) => {
    const page = device({ deviceNow: T0 });
    page.at(0, send({ m }));
    const year = -365 * 86_400;
    page.at(year);
    for (let seconds = 0; seconds < 400; seconds += 5) page.at(year + seconds);
    expect(shown({ state: page.state() } as RunStep)).toBeNull();
  });
});
