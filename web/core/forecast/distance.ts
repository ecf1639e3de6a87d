/** Distances on a sphere of the Earth's mean radius (error at most 0.3 %). */

export const EARTH_RADIUS_KM = 6371.0;
export const DEGREE_KM = (EARTH_RADIUS_KM * Math.PI) / 180;
const RADIAN = Math.PI / 180;

export interface Point {
  lat: number;
  lon: number;
}

/** Great-circle distance (haversine formula). */
export function distanceKm(a: Point, b: Point): number {
  const half =
    Math.sin(((b.lat - a.lat) * RADIAN) / 2) ** 2 +
    Math.cos(a.lat * RADIAN) *
      Math.cos(b.lat * RADIAN) *
      Math.sin(((b.lon - a.lon) * RADIAN) / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(Math.min(1, half)));
}

/** Direction from a to b, degrees clockwise from north, 0..360. */
export function azimuth(a: Point, b: Point): number {
  const east = (b.lon - a.lon) * RADIAN;
  const y = Math.sin(east) * Math.cos(b.lat * RADIAN);
  const x =
    Math.cos(a.lat * RADIAN) * Math.sin(b.lat * RADIAN) -
    Math.sin(a.lat * RADIAN) * Math.cos(b.lat * RADIAN) * Math.cos(east);
  return (Math.atan2(y, x) / RADIAN + 360) % 360;
}
