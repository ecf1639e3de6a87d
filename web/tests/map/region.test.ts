import { describe, expect, it } from "vitest";
import { projection } from "../../core/map/projection";
import { area, cornersIn, lines, nameOf, SvgPen } from "../../core/map/region";

function names(lat: number, lon: number, radiusKm: number): string[] {
  const map = projection({ centre: { lat, lon }, radiusKm, width: 100, height: 100 });
  return cornersIn(map).map(nameOf);
}

describe("the regions of a map", () => {
  it("is the one of the place where nothing else is near, that one first", () => {
    expect(names(35, 105, 120)).toEqual(["n30e100"]);
    expect(names(-35.5, -71, 120)[0]).toBe("s40w080");
  });

  it("are four at a corner, across the date line and the equator too", () => {
    expect(names(40, 100, 120).sort()).toEqual(["n30e090", "n30e100", "n40e090", "n40e100"]);
    expect(names(0, 180, 120).sort()).toEqual(["n00e170", "n00w180", "s10e170", "s10w180"]);
  });

  it("are all around a pole, each once", () => {
    const around = names(89, 0, 200);
    expect(around).toHaveLength(36);
    expect(new Set(around).size).toBe(36);
    expect(new Set(names(10, 0, 20_000)).size).toBe(names(10, 0, 20_000).length);
  });
});

describe("the lines of a region", () => {
  const corner = { lon: 100, lat: 30 };
  const at = (lon: number, lat: number) => [lon - 100, 40 - lat] as const;
  // A square at the south-western corner that was cut off 0.02 degrees outside of it.
  const row = [-20, -20, 1020, 0, 0, 1020, -1020, 0, 0, -1020];

  it("close as areas", () => {
    const pen = new SvgPen();
    area(pen, [row], corner, 1000, at);
    expect(pen.path).toBe("M-0.0 10.0L1.0 10.0L1.0 9.0L-0.0 9.0L-0.0 10.0Z");
  });

  it("leave out what runs along the edge", () => {
    const pen = new SvgPen();
    lines(pen, [row], corner, 1000, at);
    expect(pen.path).toBe("M-0.0 10.0M1.0 10.0L1.0 9.0L-0.0 9.0M-0.0 10.0");
  });
});
