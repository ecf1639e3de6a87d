/** The small parts of the shell that need no browser. */

import { describe, expect, it } from "vitest";
import type { Utterance } from "../../core/alert/effects";
import { DEFAULTS, profileNow, readSettings } from "../../core/alert/settings";
import { drillMessage } from "../../core/device/drill";
import {
  findTowns,
  isLatin,
  placeInAddress,
  readPlace,
  type Town,
  townPlace,
} from "../../core/device/place";
import { forecast } from "../../core/forecast/forecast";
import { type Announcement, Announcer } from "../../core/output/announce";
import { Clock } from "../../core/stream/clock";
import { PLACE, straightRays, T0 } from "../examples";

const announcement = (
  text: string,
  quake: string,
  utterance: Utterance = "shaking",
): Announcement => ({
  ...{ text, utterance, quake, aspect: "", counts: false },
});

describe("the server's clock", () => {
  it("is known to half the quickest round trip", () => {
    const clock = new Clock();
    expect(clock.now(0)).toBeNull();
    expect(clock.errorS()).toBe(Infinity);
    clock.greeting(1000, T0);
    expect([clock.now(2000), clock.errorS()]).toEqual([T0 + 1000, 1]);
    clock.pong(2000, 2400, T0 + 1300);
    clock.pong(3000, 3040, T0 + 2020);
    clock.pong(4000, 6000, T0 + 9000);
    expect(clock.errorS()).toBeCloseTo(0.02);
    expect(clock.now(10_000)).toBeCloseTo(T0 + 9000);
  });
  it("A06: an answer that took long leaves it unsure", () => {
    const clock = new Clock();
    clock.pong(0, 10_000, T0);
    expect(clock.errorS()).toBe(5);
  });
  it("follows a step of the server, as when a recorded earthquake begins again", () => {
    const clock = new Clock();
    clock.pong(0, 20, T0);
    clock.greeting(5000, T0 + 5000);
    expect(clock.errorS()).toBeCloseTo(0.01);
    clock.greeting(10_000, T0 - 60_000);
    expect(clock.now(10_000)).toBe(T0 - 60_000);
  });
  it("a guess gives a time, not a certainty", () => {
    const clock = new Clock();
    clock.guess(0, T0);
    expect([clock.now(5), clock.errorS()]).toEqual([T0 + 5, Infinity]);
    clock.greeting(10, T0 + 500);
    expect(clock.errorS()).toBe(1);
  });
});

describe("A27: the announcer", () => {
  it("keeps texts 4 s apart, the newest first", () => {
    const announcer = new Announcer();
    announcer.urgent(announcement("one", "q"));
    expect(announcer.take(0)?.text).toBe("one");
    announcer.urgent(announcement("two", "q"));
    announcer.urgent(announcement("three", "q"));
    expect(announcer.take(3999)?.text).toBeUndefined();
    expect(announcer.take(4000)?.text).toBe("three");
    expect(announcer.take(9000)?.text).toBeUndefined();
  });
  it("announces at most six for one earthquake", () => {
    const announcer = new Announcer();
    const texts = Array.from({ length: 10 }, (_, i) => {
      announcer.urgent(announcement(`${i}`, "q"));
      return announcer.take(i * 5000)?.text;
    });
    expect(texts.filter((text) => text !== undefined)).toHaveLength(6);
    announcer.urgent(announcement("act", "q", "alert"));
    expect(announcer.take(90_000)?.text).toBe("act");
    announcer.urgent(announcement("other", "another"));
    expect(announcer.take(100_000)?.text).toBe("other");
  });
});

describe("the place", () => {
  it("may come after # or after ?", () => {
    const school = { name: "School", lat: 30.5, lon: 104.25, accuracyKm: 1 };
    expect(placeInAddress("", "#lat=30.5&lon=104.25&name=School")).toEqual(school);
    expect(placeInAddress("?lat=30.5&lon=104.25&name=School", "")).toEqual(school);
    expect(placeInAddress("?lat=30.5&lon=104.25", "")!.name).toBe("30.50, 104.25");
  });
  it.each(["?lat=91&lon=0", "?lat=x&lon=0", "?lat=&lon=", "?lat=3", ""])(
    "%s is none",
    (address) => {
      expect(placeInAddress(address, "")).toBeNull();
    },
  );
  it("that was stored is checked", () => {
    expect(readPlace(PLACE)).toEqual(PLACE);
    for (const bad of [null, 7, {}, { ...PLACE, lat: 99 }, { ...PLACE, name: 1 }]) {
      expect(readPlace(bad)).toBeNull();
    }
  });
  it("is found by the beginning of its name, the largest first", () => {
    const towns: Town[] = [
      ["León", 21.1, -101.7, 1_500_000, "MX"],
      ["Leonding", 48.3, 14.2, 28_000, "AT"],
      ["Lima", -12, -77, 9_000_000, "PE"],
    ];
    expect(findTowns(towns, " leon").map((town) => town[0])).toEqual(["León", "Leonding"]);
    expect(findTowns(towns, "")).toEqual([]);
    expect(townPlace(towns[0]!, "León").accuracyKm).toBe(5);
  });
  it("is found in the script of its reader too, and each town once", () => {
    const towns: Town[] = [
      ["Chengdu", 30.67, 104.06, 13_000_000, "CN", { Hans: "成都", Arab: "تشنغدو" }],
      ["Chengdu", 30.667, 104.067, 13_000_000, "CN"],
      ["Cairo", 30.06, 31.25, 9_600_000, "EG", { Arab: "القاهرة" }],
    ];
    expect(findTowns(towns, "成")).toEqual([towns[0]]);
    expect(findTowns(towns, "cheng")).toEqual([towns[0]]);
    expect(findTowns(towns, "القا")).toEqual([towns[2]]);
    expect(["leon", "León", "Şanlıurfa", "Thành"].map(isLatin)).not.toContain(false);
    expect(["成都", "القاهرة", "Αθήνα"].map(isLatin)).not.toContain(true);
  });
});

describe("settings", () => {
  it("that were stored are checked one by one", () => {
    const stored = {
      sound: "loud",
      volume: 0,
      alertFrom: 7,
      theme: "dark",
      noticeFrom: null,
      tick: 1,
    };
    expect(readSettings(stored)).toEqual({ ...DEFAULTS, theme: "dark", noticeFrom: null });
    expect(readSettings("nonsense")).toEqual(DEFAULTS);
  });
});

it("the drill leaves 12 seconds, and is very strong or strong", () => {
  const made = drillMessage(PLACE, straightRays(), T0);
  const seen = forecast(made, PLACE, straightRays())!;
  expect(Math.floor((seen.sArrival - T0) / 1000)).toBe(12);
  expect(seen.mmi).toBeGreaterThan(5);
  expect(made.mode).toBe("drill");
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

describe("what the person is doing now", () => {
  it("counts until it is over, and then who they are", () => {
    const settings = readSettings({ profile: "wheelchair", quick: "driving", quickUntil: 1000 });
    expect(profileNow(settings, 999)).toBe("driving");
    expect(profileNow(settings, 1000)).toBe("wheelchair");
    expect(readSettings({ quick: "flying" }).quick).toBeNull();
  });
});
