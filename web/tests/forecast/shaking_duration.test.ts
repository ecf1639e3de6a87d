/** "Should be over" is not shown before the rupture and its path can be. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shakingDuration } from "../../core/forecast/shaking_duration";
import { runs } from "../runs";

const rupture = (m: number) => 10 ** (0.59 * m - 2.44) / 2.5;

describe("the duration of shaking", () => {
  it.each([
    // docs/reference/message.md
    [7.3, 15, 46.23],
    [7.3, 100, 52.68],
    [7.3, 300, 81.45],
    [6.5, 50, 30.31],
    [5.5, 100, 35.92],
    [8.5, 200, 239.12],
    [4, 5, 20],
    [9.5, 0, 600],
  ])("of M %s at %s km is %s s", (m, km, s) => expect(shakingDuration(m, km)).toBeCloseTo(s, 2));

  it("property: is at least the rupture, one way, and 0.07 s a km of path, to 200 km", () => {
    const property = fc.property(
      fc.double({ min: 3, max: 8.7, noNaN: true }),
      fc.double({ min: 0, max: 200, noNaN: true }),
      (m, km) => shakingDuration(m, km) >= rupture(m) + 0.07 * km,
    );
    fc.assert(property, { numRuns: runs(1000), seed: 1 });
  });
  it("property: grows with distance and with magnitude, and never jumps", () => {
    const property = fc.property(
      fc.double({ min: 3, max: 9, noNaN: true }),
      fc.double({ min: 0, max: 500, noNaN: true }),
      (m, km) => {
        const here = shakingDuration(m, km);
        const farther = shakingDuration(m, km + 0.1);
        expect(farther).toBeGreaterThanOrEqual(here - 1e-9);
        expect(farther - here).toBeLessThan(0.5);
        if (m < 8) expect(shakingDuration(m + 0.1, km)).toBeGreaterThanOrEqual(here - 0.2);
      },
    );
    fc.assert(property, { numRuns: runs(1000), seed: 2 });
  });
  it("covers what the stations of the simulated M 7.3 measure within 20 km: 42 s from origin", () => {
    const s_arrival = Math.hypot(15, 12) / 3.5;
    expect(s_arrival + shakingDuration(7.3, 15)).toBeGreaterThan(42);
  });
});
