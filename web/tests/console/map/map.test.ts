import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SeenStation } from "../../../console/feed/board";
import { around, fit, moved, zoomed } from "../../../console/map/map_view";
import { markerOf, radius } from "../../../console/map/markers";
import { distanceKm } from "../../../core/forecast/distance";
import { CLASSES } from "../../../core/words/intensity";

const NOW = 1_790_000_000_000;
const place = fc.record({
  lat: fc.double({ min: -80, max: 80, noNaN: true }),
  lon: fc.double({ min: -180, max: 180, noNaN: true }),
});

const station = (change: Partial<SeenStation> = {}): SeenStation => ({
  ...{ row: 0, code: "ST.A", lat: 35, lon: 135, condition: "good", latency: 0.4 },
  ...{ level: null, peak: null, p: null, s: null },
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
