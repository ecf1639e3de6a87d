/** What part of the Earth the map shows: fitted to what there is, or as the person has moved it. */

import { distanceKm, EARTH_RADIUS_KM, type Point } from "../../core/forecast/distance";

export interface View {
  readonly centre: Point;
  /** Half of the map's smaller side. */
  readonly radiusKm: number;
}

const DEGREE_KM = (EARTH_RADIUS_KM * Math.PI) / 180;
const SMALLEST_KM = 15;
const LARGEST_KM = 6000;
const ROOM = 1.12;
/** Of the smaller side, by one key press. */
const STEP = 0.35;
export const ZOOM = 1.5;

/** All of the points; of a network around the date line too. */
export function fit(points: readonly Point[]): View {
  const centre = middle(points);
  const radius = Math.max(0, ...points.map((point) => distanceKm(centre, point)));
  return { centre, radiusKm: held(radius * ROOM) };
}

/** The event and the stations that its waves are about to reach. */
export function around(event: Point, points: readonly Point[], radiusKm: number): View {
  const away = points.map((point) => distanceKm(event, point)).sort((a, b) => a - b);
  const near = away[Math.min(away.length - 1, 7)] ?? radiusKm;
  return { centre: event, radiusKm: held(Math.max(near, radiusKm) * ROOM) };
}

/** factor: above 1 nearer. */
export function zoomed(view: View, factor: number): View {
  return { ...view, radiusKm: held(view.radiusKm / factor) };
}

/** By a share of the smaller side; east and north are -1, 0 or 1, or any share in between. */
export function moved(view: View, east: number, north: number, step = STEP): View {
  const km = view.radiusKm * 2 * step;
  const lat = Math.max(-85, Math.min(85, view.centre.lat + (north * km) / DEGREE_KM));
  const along = DEGREE_KM * Math.max(0.1, Math.cos((lat * Math.PI) / 180));
  const lon = ((view.centre.lon + (east * km) / along + 540) % 360) - 180;
  return { ...view, centre: { lat, lon } };
}

function middle(points: readonly Point[]): Point {
  const [first] = points;
  if (!first) return { lat: 0, lon: 0 };
  const east = points.map((point) => ((point.lon - first.lon + 540) % 360) - 180);
  const lats = points.map((point) => point.lat);
  const half = (values: number[]) => (Math.min(...values) + Math.max(...values)) / 2;
  return { lat: half(lats), lon: ((first.lon + half(east) + 540) % 360) - 180 };
}

function held(radiusKm: number): number {
  return Math.min(LARGEST_KM, Math.max(SMALLEST_KM, radiusKm));
}
