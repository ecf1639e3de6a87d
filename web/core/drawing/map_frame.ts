/** What a map has to hold, and which town names fit on it. */

import type { Scene } from "../alert/model";
import { distanceKm, type Point } from "../forecast/distance";

export type Box = { x: number; y: number; width: number; height: number };
export type Frame = { centre: Point; radiusKm: number };

const SMALLEST_KM = 120;
const LARGEST_KM = 3000;

/** What the map has to hold: the place alone, or the place and the epicentre. */
export function frame({ place, source, radiusKm }: Scene): Frame {
  const first = place ?? source ?? { lat: 0, lon: 0 };
  const away = place && source ? distanceKm(place, source) : 0;
  const both = place && source && away < LARGEST_KM;
  const centre = both ? middle(place, source) : first;
  const needed = Math.min(LARGEST_KM, Math.max(SMALLEST_KM, away * 0.72));
  return { centre: { lat: centre.lat, lon: centre.lon }, radiusKm: radiusKm ?? needed };
}

function middle(a: Point, b: Point): Point {
  const east = ((b.lon - a.lon + 540) % 360) - 180;
  return { lat: (a.lat + b.lat) / 2, lon: a.lon + east / 2 };
}

/** A town whose name would lie under the name of the place itself. */
export function isNear(town: Point, place: Point | null): boolean {
  return place !== null && distanceKm(town, place) < 15;
}

/** Where the name of a place goes: above its dot, or below it where the epicentre would be hidden. */
export function besideDot(dot: Box, font: number, source: readonly [number, number] | null): Box {
  const above = { ...dot, y: dot.y - font * 1.35 };
  if (!source) return above;
  const cross = { x: source[0] - font, y: source[1], width: font * 2, height: font * 1.6 };
  return overlap(above, cross) ? { ...dot, y: dot.y + font * 1.35 } : above;
}

export function overlap(a: Box, b: Box): boolean {
  return (
    a.x < b.x + b.width && b.x < a.x + a.width && Math.abs(a.y - b.y) < Math.max(a.height, b.height)
  );
}
