import fc from "fast-check";
import { expect, it } from "vitest";
import { timeSpan } from "../../../console/section/time_span";

const KEPT = 120_000;

it("is a minute from shortly before the origin on, which has what comes", () => {
  expect(timeSpan(0, 8_000, KEPT)).toEqual({ from: -10_000, to: 50_000 });
});

it("follows an event that lasts, and then goes on with it", () => {
  expect(timeSpan(0, 70_000, KEPT)).toEqual({ from: -10_000, to: 70_000 });
  expect(timeSpan(0, 200_000, KEPT)).toEqual({ from: 80_000, to: 200_000 });
});

it("is the last minutes where there is no event", () => {
  expect(timeSpan(null, 200_000, KEPT)).toEqual({ from: 80_000, to: 200_000 });
});

it("has now in it and is never longer than what is kept, whatever the clocks say", () => {
  const time = fc.integer({ min: -1e9, max: 1e9 });
  fc.assert(
    fc.property(time, time, (origin, now) => {
      const { from, to } = timeSpan(origin, now, KEPT);
      expect(from <= now && now <= to && to > from).toBe(true);
      expect(to - from).toBeLessThanOrEqual(KEPT);
    }),
  );
});
