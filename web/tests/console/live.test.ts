import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classIndex, type Palette, rgb } from "../../console/common/palette";
import { words } from "../../console/common/words";
import { Board, type SeenStation } from "../../console/feed/board";
import { History, STEPS } from "../../console/feed/history";
import type { MessageWire } from "../../console/feed/wire";
import { commandOf } from "../../console/keys";
import { pointText } from "../../console/live/event_card";
import { afterFirst, intensity, messageText, percent } from "../../console/live/texts";
import { destination } from "../../console/map/circle";
import { around, fit, moved, zoomed } from "../../console/map/map_view";
import { markerOf, radius } from "../../console/map/markers";
import { details } from "../../console/operators/audit_view";
import { previewOf } from "../../console/operators/preview";
import {
  ACTIONS,
  drillFields,
  isNight,
  isTyped,
  solarTime,
} from "../../console/operators/proposal";
import { BINS, paintStrips, reach, strips } from "../../console/section/strips";
import { distanceKm } from "../../core/forecast/distance";
import { CLASSES } from "../../core/words/intensity";
import { translator } from "../../languages/language";
import { CODES } from "../../languages/table";

const NOW = 1_790_000_000_000;
const t = words(["en"]);
const zh = words(["zh-CN"]);
const place = fc.record({
  lat: fc.double({ min: -80, max: 80, noNaN: true }),
  lon: fc.double({ min: -180, max: 180, noNaN: true }),
});

const station = (change: Partial<SeenStation> = {}): SeenStation => ({
  ...{ row: 0, code: "ST.A", lat: 35, lon: 135, condition: "good", latency: 0.4 },
  ...{ level: null, peak: null, p: null, s: null },
  ...change,
});

const message = (change: Partial<MessageWire> = {}): MessageWire => ({
  ...{ id: "e.1", event: "e", n: 1, kind: "new", mode: "actual", level: "action", why: null },
  ...{ issued: NOW, t0: NOW - 5000, lat: 35, lon: 135, magnitude: 6.1, intensity: 7.2 },
  ...{ stations: 4, bytes: 297, devices: 12, since_origin: 5, picked: 2 },
  lags: { evaluated: 0.002, recorded: 0.001, sent: 0.003 },
  ...change,
});

describe("the map", () => {
  it("shows every station, also around the date line", () => {
    fc.assert(
      fc.property(
        place,
        fc.array(
          fc.tuple(
            fc.double({ min: -3, max: 3, noNaN: true }),
            fc.double({ min: -3, max: 3, noNaN: true }),
          ),
          { minLength: 1, maxLength: 20 },
        ),
        (centre, away) => {
          const points = away.map(([north, east]) => ({
            lat: Math.max(-84, Math.min(84, centre.lat + north)),
            lon: ((centre.lon + east + 540) % 360) - 180,
          }));
          const view = fit(points);
          for (const point of points)
            expect(distanceKm(view.centre, point)).toBeLessThanOrEqual(view.radiusKm);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("moves, zooms within limits, and looks at an event and the stations near it", () => {
    const view = { centre: { lat: 35, lon: 179.9 }, radiusKm: 100 };
    expect(moved(view, 1, 0).centre.lon).toBeLessThan(-179);
    expect(moved(view, 0, 1).centre.lat).toBeGreaterThan(35.5);
    expect(zoomed(view, 2).radiusKm).toBe(50);
    expect(zoomed(view, 1e9).radiusKm).toBeGreaterThan(1);
    expect(zoomed(view, 1e-9).radiusKm).toBeLessThan(10_000);
    const near = around({ lat: 35, lon: 135 }, [station({ lat: 37 })], 60);
    expect(near.radiusKm).toBeGreaterThan(222);
  });

  it("draws circles whose points have their distance", () => {
    fc.assert(
      fc.property(
        place,
        fc.double({ min: 1, max: 3000, noNaN: true }),
        fc.double({ min: 0, max: 6.28, noNaN: true }),
        (from, km, direction) => {
          expect(distanceKm(from, destination(from, km, direction))).toBeCloseTo(km, 3);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("says by form, not by colour alone, what a station has", () => {
    const p = (event: string | null, at = NOW) => ({
      ...{ n: 1, row: 0, phase: "P" as const, at, event, residual: 0 },
    });
    const shape = (change: Partial<SeenStation>) => markerOf(station(change), NOW, false).shape;
    expect(shape({})).toBe("dot");
    expect(shape({ condition: "silent" })).toBe("ring");
    expect(shape({ level: 4.2 })).toBe("disc");
    expect(shape({ p: p("e") })).toBe("triangle");
    expect(shape({ p: p(null) })).toBe("diamond");
    expect(shape({ p: p(null, NOW - 120_000) })).toBe("dot");
    expect(markerOf(station({ level: null, peak: 6.6 }), NOW, true).felt).toBe(6);
    const sizes = CLASSES.map((_, felt) => radius({ shape: "disc", felt }, 2000));
    expect([...sizes].sort((a, b) => a - b)).toEqual(sizes);
  });
});

describe("the record section", () => {
  const palette = {
    ...{ classes: CLASSES.map(({ colour }) => colour), strip: "#010203", bare: "#040506" },
  } as unknown as Palette;

  function board(): Board {
    const made = new Board();
    const stations = [
      ["ST.A", 35, 135],
      ["ST.B", 36, 135],
      ["ST.C", 35.005, 135],
    ] as const;
    made.apply({ type: "hello", n: 1, now: NOW, stations });
    return made;
  }

  it("has the strongest station of a strip, the nearest at the bottom, the newest at the right", () => {
    const made = board();
    const from = { lat: 35, lon: 135 };
    const found = strips(made, from, reach(made, from));
    expect(found.farthestKm).toBe(150);
    expect(found.bin[0]).toBe(found.bin[2]);
    const history = new History(3);
    for (let n = 0; n < STEPS; n++)
      history.note(NOW + n * 500, (row) => (n === STEPS - 1 ? [5.2, 8.1, 6.9][row]! : null));
    const pixels = new Uint8ClampedArray(STEPS * BINS * 4);
    paintStrips(history, found, pixels, palette);
    const at = (strip: number, step: number) =>
      Array.from(pixels.slice(((BINS - 1 - strip) * STEPS + step) * 4).slice(0, 3));
    expect(at(found.bin[0]!, STEPS - 1)).toEqual(rgb(CLASSES[6]!.colour));
    expect(at(found.bin[1]!, STEPS - 1)).toEqual(rgb(CLASSES[7]!.colour));
    expect(at(found.bin[0]!, STEPS - 2)).toEqual([1, 2, 3]);
    expect(at(40, STEPS - 1)).toEqual([4, 5, 6]);
  });

  it("leaves out stations beyond its edge", () => {
    expect(Array.from(strips(board(), { lat: 35, lon: 135 }, 50).bin)).toEqual([0, -1, 1]);
  });
});

describe("the texts of the console", () => {
  it("say a message with its mode and reason", () => {
    expect(messageText(message(), t)).toBe("New alert: act");
    expect(messageText(message({ kind: "cancel", mode: "drill", why: "false" }), t)).toBe(
      "Cancel (drill): false alert",
    );
    expect(messageText(message(), zh)).toContain("新预警");
    expect(afterFirst(message())).toBe(3);
    expect(afterFirst(message({ picked: null }))).toBeNull();
  });

  it("never say that something is certain", () => {
    expect(percent(1)).toBe("> 99 %");
    expect(percent(0.5)).toBe("50 %");
    expect(intensity(null)).toBe("–");
    expect(intensity(6.6)).toBe("VII · 6.6");
    expect(pointText(-12.345, 179)).toBe("12.35° S, 179.00° E");
    expect([0, 1.4, 9.6, 12].map(classIndex)).toEqual([0, 0, 9, 9]);
  });

  it("show what else an audit line has", () => {
    const line = { time: "t", what: "propose", who: "anna", before: "x", id: "p1", lat: 3 };
    expect(details(line)).toBe("id p1, lat 3");
  });
});

describe("sending", () => {
  it("asks for a word in the page's language, in any case", () => {
    expect(isTyped(t, "cancel", " cancel ")).toBe(true);
    expect(isTyped(t, "drill", "cancel")).toBe(false);
    expect(isTyped(t, "cancel", "")).toBe(false);
    expect(isTyped(zh, "cancel", "取消")).toBe(true);
  });

  it("takes the numbers of a drill that the server takes", () => {
    const good = { lat: "30.66", lon: "104.06", seconds: "20", magnitude: "7.3" };
    expect(drillFields(good)).toEqual({ lat: 30.66, lon: 104.06, seconds: 20, magnitude: 7.3 });
    for (const wrong of [
      { lat: "" },
      { lat: "86" },
      { lon: "x" },
      { seconds: "121" },
      { magnitude: "3" },
    ])
      expect(drillFields({ ...good, ...wrong })).toBeNull();
  });

  it("knows the night at a place", () => {
    const noon = Date.UTC(2030, 0, 1, 12);
    expect(solarTime(0, noon)).toBe("12:00");
    expect(solarTime(135, noon)).toBe("21:00");
    expect(["20:59", "21:00", "07:59", "08:00"].map(isNight)).toEqual([false, true, true, false]);
  });

  it("shows the words that the pages show, a drill as a drill", () => {
    for (const code of CODES) {
      const say = translator(code);
      expect(previewOf("drill", say).drill).toBe(true);
      expect(previewOf("cancel", say).drill).toBe(false);
      expect(previewOf("cancel", say).title).toBe(say("cancelled.title"));
      for (const action of ACTIONS) expect(previewOf(action, say).action[0]).toBeTruthy();
    }
  });
});

describe("keys", () => {
  const press = (key: string, change = {}) => ({
    ...{ key, ctrlKey: false, metaKey: false, altKey: false },
    ...change,
  });

  it("reach the cancel by one, and do nothing while somebody types", () => {
    expect(commandOf(press("c"), false)).toEqual({ to: "cancel" });
    expect(commandOf(press("C"), false)).toEqual({ to: "cancel" });
    expect(commandOf(press("c"), true)).toBeNull();
    expect(commandOf(press("c", { ctrlKey: true }), false)).toBeNull();
    expect(commandOf(press("x"), false)).toBeNull();
  });
});
