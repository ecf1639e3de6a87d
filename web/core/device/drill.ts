/** "Try it": a message as the server would send it, composed here so that 12 s are left. */

import type { Place } from "../forecast/forecast";
import { seconds, type TravelTimes } from "../forecast/travel_time";
import type { Message } from "../stream/message";

const TRIED = "try-";
const NORTH_DEGREES = 0.5;
const NORTH_KM = 55.6;
const DEPTH_KM = 10;
const LEFT_MS = 12_900;
const STANDS_MS = 120_000;

export function drillMessage(place: Place, table: TravelTimes, now: number): Message {
  const s = seconds(table, "s", NORTH_KM, DEPTH_KM) * 1000;
  const lat = place.lat > 80 ? place.lat - NORTH_DEGREES : place.lat + NORTH_DEGREES;
  return {
    ...{ id: `${TRIED}${Math.round(now)}`, n: 1, mode: "drill", kind: "new", why: null },
    ...{ level: "action", t0: now + LEFT_MS - s, st: 0, lat, lon: place.lon, sxy: 0 },
    ...{ dep: DEPTH_KM, m: 7, line: null, cells: {}, b: 0, ns: null, near: null, by: null },
    ...{ iss: now, exp: now + STANDS_MS },
  };
}

/** Whether it was composed here. */
export function isTried({ id, mode }: Message): boolean {
  return mode === "drill" && id.startsWith(TRIED);
}
