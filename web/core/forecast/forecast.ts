/**
 * What one place will feel of an earthquake, and when. The place never leaves the device.
 *
 * S arrival: table of travel times, from the epicentre, also of a line: its rupture spreads more
 * slowly than S, so that the first S is that of its beginning. Intensity: ground_motion.ts at Vs30
 * 400 m/s, for a point source or, where the message has one, a line, plus the source's event term.
 * Duration: shaking_duration.ts, counted from S.
 */

import type { Message } from "../stream/message";
import { distanceKm, type Point } from "./distance";
import { geohash } from "./geohash";
import { held, mmi, motion } from "./ground_motion";
import { shakingDuration } from "./shaking_duration";
import { ruptureDistanceKm } from "./source_distance";
import { seconds, type TravelTimes } from "./travel_time";

const VS30_MS = 400;
const MAGNITUDES = { least: 3, most: 8.5 };
const FARTHEST_KM = 400;
const S_SPEED_KMS = 3.5;

/** Times are server milliseconds. mmi is nan where there is no valid forecast of it. */
export interface Forecast {
  distanceKm: number;
  pArrival: number;
  sArrival: number;
  sigmaS: number;
  end: number;
  mmi: number;
}

export interface Place extends Point {
  name: string;
  accuracyKm: number;
  /** ISO 3166 code, where it is known. */
  country?: string;
}

/** null when the message lacks origin time, place or magnitude, or it is beyond the table. */
export function forecast(message: Message, place: Place, table: TravelTimes): Forecast | null {
  const { t0, lat, lon, m } = message;
  if (t0 === null || lat === null || lon === null || m === null) return null;
  const distance = distanceKm({ lat, lon }, place);
  const p = seconds(table, "p", distance, message.dep);
  const s = seconds(table, "s", distance, message.dep);
  if (Number.isNaN(p) || Number.isNaN(s)) return null;
  const duration = shakingDuration(m, distance, VS30_MS);
  return {
    distanceKm: distance,
    pArrival: t0 + p * 1000,
    sArrival: t0 + s * 1000,
    sigmaS: arrivalSigma(message, place),
    end: t0 + (s + duration) * 1000,
    mmi: intensity(message, place),
  };
}

/**
 * The larger of what the source explains and what was observed in the place's own cell: a cell is
 * sent only where it exceeds what the source explains; the event term is in it.
 */
function intensity(message: Message, place: Place): number {
  const explained = sourceIntensity(message, place);
  const observed = observedIntensity(message, place);
  return observed !== null && !(explained >= observed) ? observed : explained;
}

function sourceIntensity(message: Message, place: Place): number {
  const m = Math.min(MAGNITUDES.most, Math.max(MAGNITUDES.least, message.m as number));
  const distance = ruptureDistanceKm({ ...message, m }, place);
  return distance > FARTHEST_KM ? NaN : held(mmi(motion(m, distance, VS30_MS)) + message.b);
}

export function observedIntensity(message: Message, place: Point): number | null {
  return message.cells[geohash(place.lat, place.lon)] ?? null;
}

function arrivalSigma(message: Message, place: Place): number {
  return Math.hypot(message.st, message.sxy / S_SPEED_KMS, place.accuracyKm / S_SPEED_KMS);
}
