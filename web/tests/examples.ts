/** Messages, forecasts and contexts that tests begin from. */

import type { Context } from "../core/alert/state";
import type { TravelTimes } from "../core/forecast/travel_time";
import type { Message } from "../core/stream/message";

export const T0 = 1_700_000_000_000;

export const PLACE = { name: "Chengdu", lat: 30.66, lon: 104.06, accuracyKm: 1 };

/** A device that lacks nothing. */
export const OWN = { place: PLACE, sound: "running" } as const;

/** At PLACE, 82 km away: M 7.7 is MMI 6.3 and 17.8 s left; M 5.5 is 3.6, M 8.5 is 7.3. */
export function message(change: Partial<Message> | Record<string, unknown> = {}): Message {
  return {
    ...{ id: "e1", n: 1, mode: "actual", kind: "new", why: null, level: "action" },
    ...{ t0: T0, st: 0.3, lat: 31.4, lon: 104.06, sxy: 2, dep: 12, m: 7.7, line: null, cells: {} },
    ...{ b: 0, ns: 8, near: null, by: null },
    ...{ iss: T0 + 6000, exp: T0 + 180_000 },
    ...change,
  } as Message;
}

/** P at 6 km/s and S at 3.5 km/s along straight rays: enough for everything but A05. */
export function straightRays(): TravelTimes {
  const distance_km = [0, 50, 100, 200, 400, 1000];
  const depth_km = [0, 10, 20, 50, 100, 700];
  const at = (speed: number) =>
    distance_km.map((x) => depth_km.map((z) => Math.hypot(x, z) / speed));
  return { model: "straight", distance_km, depth_km, p: at(6), s: at(3.5) };
}

export function context(change: Partial<Context> = {}): Context {
  return {
    ...{ place: PLACE, table: straightRays(), clockErrorS: 0.01 },
    thresholds: { noticeFrom: 3.5, alertFrom: 5 },
    ...{ deviceNow: T0 + 6000, builtAt: T0 - 86_400_000, asleep: false },
    ...change,
  };
}
