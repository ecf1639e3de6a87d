/**
 * The table of travel times that the pages have with them, so that an alert waits for no request.
 *
 * The file holds, for each depth, the second differences over distance of hundredths of a second:
 * a fifth of the size of the times themselves (scripts/travel_times.py).
 */

import type { TravelTimes } from "./travel_time";
import packed from "./travel_times.json";

const PER_SECOND = 100;

export function travelTimes(): TravelTimes {
  const { model, distance_km, depth_km } = packed;
  return { model, distance_km, depth_km, p: rows(packed.p), s: rows(packed.s) };
}

/** Rows by distance of what is packed in columns by depth. */
function rows(columns: number[][]): number[][] {
  const summed = columns.map((column) => sums(sums(column)));
  return (summed[0] as number[]).map((_, i) =>
    summed.map((column) => (column[i] as number) / PER_SECOND),
  );
}

function sums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}
