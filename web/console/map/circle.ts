/** A circle on the ground: a wave front, or an uncertainty. */

import { EARTH_RADIUS_KM, type Point } from "../../core/forecast/distance";
import type { Place } from "./ground";

const CIRCLE_POINTS = 96;

/** Makes the circle the path of the pen. */
export function circle(
  pen: CanvasRenderingContext2D,
  place: Place,
  centre: Point,
  km: number,
): void {
  pen.beginPath();
  for (let n = 0; n <= CIRCLE_POINTS; n++) {
    const at = place(destination(centre, km, (n / CIRCLE_POINTS) * 2 * Math.PI));
    if (!at) continue;
    if (n === 0) pen.moveTo(at[0], at[1]);
    else pen.lineTo(at[0], at[1]);
  }
}

/** The point that lies `km` from another, in a direction in radians from north. */
export function destination(from: Point, km: number, direction: number): Point {
  const rad = Math.PI / 180;
  const arc = km / EARTH_RADIUS_KM;
  const lat = Math.asin(
    Math.sin(from.lat * rad) * Math.cos(arc) +
      Math.cos(from.lat * rad) * Math.sin(arc) * Math.cos(direction),
  );
  const east = Math.atan2(
    Math.sin(direction) * Math.sin(arc) * Math.cos(from.lat * rad),
    Math.cos(arc) - Math.sin(from.lat * rad) * Math.sin(lat),
  );
  return { lat: lat / rad, lon: ((from.lon + east / rad + 540) % 360) - 180 };
}
