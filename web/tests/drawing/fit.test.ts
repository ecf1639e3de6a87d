import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { largest, wrapped } from "../../core/drawing/fit";
import { runs } from "../runs";

const SPACE = 0.27;
const words = fc.array(fc.double({ min: 0.3, max: 9, noNaN: true }), {
  minLength: 1,
  maxLength: 6,
});
const texts = fc.array(words, { minLength: 1, maxLength: 4 });
const rooms = fc.record({
  width: fc.integer({ min: 60, max: 4000 }),
  height: fc.integer({ min: 60, max: 2000 }),
  lineHeight: fc.double({ min: 1, max: 1.6, noNaN: true }),
});

describe("text as large as its room", () => {
  it("wraps between words and cuts none", () => {
    expect(wrapped([[2, 2, 2]], SPACE, 4.5)).toBe(2);
    expect(wrapped([[2, 2], [1]], SPACE, 100)).toBe(2);
    expect(wrapped([[2, 5]], SPACE, 4)).toBe(Infinity);
  });
  it("is limited by the width of a line, or by the height of all", () => {
    expect(largest([[4]], SPACE, { width: 400, height: 1000, lineHeight: 1 }, 10, 500)).toBe(98);
    expect(largest([[1], [1]], SPACE, { width: 4000, height: 200, lineHeight: 1 }, 10, 500)).toBe(
      99,
    );
  });
  it("fits, or is the least that can be read", () => {
    const property = fc.property(texts, rooms, (lines, room) => {
      const size = largest(lines, SPACE, room, 24, room.height);
      if (size <= 24) return;
      const count = wrapped(lines, SPACE, room.width / size);
      expect(count * size * room.lineHeight).toBeLessThanOrEqual(room.height);
      expect(Math.max(...lines.flat()) * size).toBeLessThanOrEqual(room.width);
    });
    fc.assert(property, { numRuns: runs(500), seed: 4 });
  });
  it("does not get smaller where there is more room", () => {
    const property = fc.property(texts, rooms, (lines, room) => {
      const more = { ...room, width: room.width * 2, height: room.height * 2 };
      expect(largest(lines, SPACE, more, 24, 4000) + 1).toBeGreaterThanOrEqual(
        largest(lines, SPACE, room, 24, 4000),
      );
    });
    fc.assert(property, { numRuns: runs(500), seed: 4 });
  });
});
