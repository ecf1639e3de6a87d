import { describe, expect, it } from "vitest";
import { distanceKm } from "../../core/forecast/distance";
import { circle, projection } from "../../core/map/projection";

const view = { centre: { lat: 30, lon: 104 }, radiusKm: 500, width: 400, height: 600 };

describe("the projection", () => {
  const map = projection(view);

  it("keeps distances from the centre and turns back every point", () => {
    for (const [lon, lat] of [
      [104, 30],
      [100, 28],
      [-170, -40],
      [104, 34.4],
    ] as const) {
      const [x, y] = map.at(lon, lat);
      const away = Math.sqrt((x - 200) ** 2 + (y - 300) ** 2) * map.kmPerUnit;
      expect(away).toBeCloseTo(distanceKm(view.centre, { lat, lon }), 3);
      const back = map.invert(x, y)!;
      expect([back.lon, back.lat]).toEqual([expect.closeTo(lon, 6), expect.closeTo(lat, 6)]);
    }
  });

  it("has the north above and the east to the right", () => {
    expect(map.at(104, 31)[1]).toBeLessThan(300);
    expect(map.at(105, 30)[0]).toBeGreaterThan(200);
  });

  it("reaches to the farthest corner", () => {
    const corner = map.invert(0, 0)!;
    expect(distanceKm(view.centre, corner)).toBeCloseTo(map.reachKm, 3);
  });
});

it("draws circles whose points are equally far, across the date line too", () => {
  const centre = { lat: 52, lon: 179.9 };
  for (const point of circle(centre, 300)) {
    expect(distanceKm(centre, point)).toBeCloseTo(300, 3);
    expect(Math.abs(point.lon)).toBeLessThanOrEqual(180);
  }
});
