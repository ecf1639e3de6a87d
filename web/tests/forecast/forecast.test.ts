import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { distanceKm } from "../../core/forecast/distance";
import { forecast } from "../../core/forecast/forecast";
import { geohash } from "../../core/forecast/geohash";
import { mmiOfPga, mmiOfPgv, motion } from "../../core/forecast/ground_motion";
import { shakingDuration } from "../../core/forecast/shaking_duration";
import { reachKm, seconds, type TravelTimes } from "../../core/forecast/travel_time";
import { message, PLACE } from "../examples";
import { expected } from "../simulate";

const REFERENCE = new URL("../../../tests/reference/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, REFERENCE), "utf8");
const table = JSON.parse(read("travel_times_iasp91.json")) as TravelTimes;

type Row = { [column: string]: number };

function rows(name: string): Row[] {
  const [header, ...lines] = read(name)
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  const value = (text: string) => (text === "" ? NaN : Number(text));
  return lines.map((line) =>
    Object.fromEntries(line.map((text, i) => [header![i] as string, value(text)])),
  );
}

function check(row: Row): void {
  const { t0, lat, lon, depth_km: dep, magnitude: m, lat1, top_km } = row as Record<string, number>;
  const ends = [lat1, row["lon1"], row["lat2"], row["lon2"], top_km] as never;
  const line = lat1 === undefined ? null : ends;
  const cell = geohash(row["place_lat"]!, row["place_lon"]!);
  const cells = row["cell_mmi"] ? { [cell]: row["cell_mmi"] } : {};
  const source = message({
    cells,
    b: row["bias"] ?? 0,
    t0: (t0 as number) * 1000,
    lat: lat!,
    lon: lon!,
    dep: dep!,
    m: m!,
    line,
  });
  const place = { name: "", lat: row["place_lat"]!, lon: row["place_lon"]!, accuracyKm: 0 };
  const seen = forecast(source, place, table)!;
  expect(Math.abs(seen.distanceKm - row["distance_km"]!)).toBeLessThan(0.01);
  expect(Math.abs(seen.pArrival / 1000 - row["p_arrival"]!)).toBeLessThan(0.2);
  expect(Math.abs(seen.sArrival / 1000 - row["s_arrival"]!)).toBeLessThan(0.2);
  if (Number.isNaN(row["mmi"])) expect(seen.mmi).toBeNaN();
  else expect(Math.abs(seen.mmi - row["mmi"]!)).toBeLessThan(0.05);
}

describe("A05: the device computes what the server computes", () => {
  for (const [name, most] of [
    ["device_vectors.csv", 200],
    ["device_line_vectors.csv", 40],
    ["device_term_vectors.csv", 24],
  ] as const) {
    it(name, () => {
      expect(rows(name)).toHaveLength(most);
      rows(name).forEach(check);
    });
  }
});

it("an earthquake above sea level arrives as one at it", () => {
  const source = { t0: 0, lat: PLACE.lat + 0.5, lon: PLACE.lon };
  const at = (dep: number) => forecast(message({ ...source, dep }), PLACE, table)!;
  expect(at(-2).sArrival).toBe(at(0).sArrival);
  expect(at(-2).mmi).toBe(at(0).mmi);
});

describe("the printed values of the papers", () => {
  it("Boore et al. 2014 at Vs30 760", () => {
    const expected = { 10: [0.175, 10.0], 50: [0.035, 1.92], 100: [0.013, 0.8] };
    for (const [distance, [pga_g, pgv_cms]] of Object.entries(expected)) {
      const seen = motion(6, Number(distance), 760);
      expect(seen.pga_g).toBeCloseTo(pga_g!, 3);
      expect(seen.pgv_cms).toBeCloseTo(pgv_cms!, 1);
    }
  });
  it("Worden et al. 2012", () => {
    const expected = { 10: 3.33, 50: 4.69, 100: 5.8, 200: 6.91 };
    for (const [cms2, mmi] of Object.entries(expected)) {
      expect(mmiOfPga(Number(cms2) / 980.665)).toBeCloseTo(mmi, 2);
    }
    expect([1, 10, 20].map((cms) => mmiOfPgv(cms).toFixed(2))).toEqual(["3.78", "6.05", "7.00"]);
  });
});

describe("what the source does not send", () => {
  const place = { name: "", lat: 31, lon: 104, accuracyKm: 0 };
  it("is not forecast", () => {
    for (const unknown of ["t0", "lat", "m"]) {
      expect(forecast(message({ [unknown]: null }), place, table)).toBeNull();
    }
  });
  it("an observed cell counts where it is stronger than the source explains", () => {
    const seen = forecast(message({ cells: { [geohash(31, 104)]: 9.5 } }), place, table);
    expect(seen!.mmi).toBe(9.5);
  });
});

describe("travel times", () => {
  it("are nan beyond the table", () => {
    expect(seconds(table, "p", 2000, 10)).toBeNaN();
    expect(seconds(table, "p", 10, 2000)).toBeNaN();
  });
  it("a wave front is where its arrival is now", () => {
    for (const distance of [40, 111, 250]) {
      const elapsed = seconds(table, "s", distance, 10);
      expect(reachKm(table, "s", elapsed, 10)).toBeCloseTo(distance, 3);
    }
    expect(reachKm(table, "s", 1, 10)).toBe(0);
  });
});

it("geohash: the known cell of 57.64911, 10.40744", () => {
  expect(geohash(57.64911, 10.40744, 11)).toBe("u4pruydqqvj");
});

describe("the forecast", () => {
  it("ends the shaking one duration of it after S", () => {
    const { sArrival, end, distanceKm: km } = expected();
    expect((end - sArrival) / 1000).toBeCloseTo(shakingDuration(7.7, km), 6);
  });
  it("has no intensity beyond 400 km, and holds the magnitude within the model's range", () => {
    const north = (km: number) => ({ lat: PLACE.lat + km / 111.19, lon: PLACE.lon, dep: 0 });
    expect(distanceKm(PLACE, north(390) as never)).toBeCloseTo(390, 0);
    expect(expected({ ...north(390), m: 4 }).mmi).toBeGreaterThanOrEqual(1);
    expect(expected({ ...north(415), m: 4 }).mmi).toBeNaN();
    expect(expected({ m: 9.5 }).mmi).toBe(expected({ m: 8.5 }).mmi);
  });
});
