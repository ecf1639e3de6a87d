/**
 * How far the rupture is from a place, whether it is known or not; line for line the server's
 * shaking/source_distance.py (decision 40 says why).
 *
 * While only the epicentre is known, 24 vertical ruptures through it are taken for equally
 * likely, their length by Wells and Coppersmith (1994), table 2A; the distance that gives the
 * mean intensity over them is the geometric mean.
 */

import type { Message } from "../stream/message";
import { distanceKm, type Point } from "./distance";

const SEISMOGENIC_KM = 15;
const NEAR_KM = 4.5;
const ANGLES = [7.5, 22.5, 37.5, 52.5, 67.5, 82.5].map((degrees) => (degrees * Math.PI) / 180);
const FORWARD = [1 / 8, 3 / 8, 5 / 8, 7 / 8];

/** Joyner-Boore distance in km; below 15 km depth it grows, as no rupture reaches the surface. */
export function ruptureDistanceKm(message: Message, place: Point): number {
  const { line, lat, lon, m, dep } = message;
  if (line) return Math.hypot(toLineKm(line, place), Math.max(0, line[4] - SEISMOGENIC_KM));
  const away = distanceKm({ lat: lat as number, lon: lon as number }, place);
  return Math.hypot(toUnknownRuptureKm(away, m as number), Math.max(0, dep - SEISMOGENIC_KM));
}

function toUnknownRuptureKm(epicentralKm: number, magnitude: number): number {
  const lengthKm = 10 ** (-2.44 + 0.59 * magnitude);
  let sum = 0;
  for (const angle of ANGLES) {
    for (const share of FORWARD) sum += lnDistance(epicentralKm, Math.cos(angle), share * lengthKm);
  }
  const mean2 = Math.exp((2 * sum) / (ANGLES.length * FORWARD.length));
  return Math.sqrt(Math.max(0, mean2 - NEAR_KM ** 2));
}

function lnDistance(epicentralKm: number, cosine: number, reachKm: number): number {
  const along = Math.min(epicentralKm * cosine, reachKm);
  const squared = epicentralKm ** 2 + along * (along - 2 * epicentralKm * cosine);
  return Math.log(Math.max(0, squared) + NEAR_KM ** 2) / 2;
}

function toLineKm(line: NonNullable<Message["line"]>, place: Point): number {
  const first = { lat: line[0], lon: line[1] };
  const second = { lat: line[2], lon: line[3] };
  const a = distanceKm(place, first);
  const b = distanceKm(place, second);
  const length = Math.max(distanceKm(first, second), 1e-3);
  const foot = (a ** 2 - b ** 2 + length ** 2) / (2 * length);
  const along = Math.min(length, Math.max(0, foot));
  return Math.sqrt(Math.max(0, a ** 2 + along * (along - 2 * foot)));
}
