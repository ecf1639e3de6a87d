import { describe, expect, it } from "vitest";
import { besideDot, overlap } from "../../core/drawing/map_frame";

const FONT = 10;
const dot = { x: 80, y: 100, width: 40, height: 16 };

describe("the name of a place on the map", () => {
  it("is above its dot", () => {
    expect(besideDot(dot, FONT, null).y).toBeLessThan(dot.y);
    expect(besideDot(dot, FONT, [100, 140]).y).toBeLessThan(dot.y);
    expect(besideDot(dot, FONT, [300, 86]).y).toBeLessThan(dot.y);
  });
  it("is below it where it would hide the epicentre", () => {
    for (const y of [76, 86, 92]) {
      const box = besideDot(dot, FONT, [100, y]);
      expect(box.y).toBeGreaterThan(dot.y);
      expect(overlap(box, { x: 90, y, width: 20, height: 16 })).toBe(false);
    }
  });
});
