/** Azimuthal equidistant projection: distances and directions from the centre are true. */

import { EARTH_RADIUS_KM, type Point } from "../forecast/distance";

const RADIAN = Math.PI / 180;

/** What a map shows: the middle, and the distance from there to the nearest edge. */
export interface View {
  readonly centre: Point;
  readonly radiusKm: number;
  /** Of the map, in its own units. */
  readonly width: number;
  readonly height: number;
}

export interface Projection {
  readonly view: View;
  readonly kmPerUnit: number;
  /** From the centre to the farthest corner. */
  readonly reachKm: number;
  at(lon: number, lat: number): readonly [x: number, y: number];
  /** The point of the Earth at a point of the map; null: beyond its other side. */
  invert(x: number, y: number): Point | null;
}

export function projection(view: View): Projection {
  const { centre, radiusKm, width, height } = view;
  const scale = Math.min(width, height) / 2 / (radiusKm / EARTH_RADIUS_KM);
  const [sin0, cos0] = [Math.sin(centre.lat * RADIAN), Math.cos(centre.lat * RADIAN)];
  const at = (lon: number, lat: number) => {
    const [sin, cos] = [Math.sin(lat * RADIAN), Math.cos(lat * RADIAN)];
    const east = (lon - centre.lon) * RADIAN;
    const near = cos * Math.cos(east);
    const across = cos * Math.sin(east);
    const up = cos0 * sin - sin0 * near;
    const away = Math.atan2(Math.sqrt(across * across + up * up), sin0 * sin + cos0 * near);
    const factor = away < 1e-9 ? scale : (scale * away) / Math.sin(away);
    return [width / 2 + factor * across, height / 2 - factor * up] as const;
  };
  const invert = (x: number, y: number) => {
    const [across, up] = [(x - width / 2) / scale, (height / 2 - y) / scale];
    const away = Math.sqrt(across * across + up * up);
    if (away > Math.PI) return null;
    if (away < 1e-9) return { lat: centre.lat, lon: centre.lon };
    const [sin, cos] = [Math.sin(away), Math.cos(away)];
    const lat = Math.asin(cos * sin0 + (up * sin * cos0) / away) / RADIAN;
    const east = Math.atan2(across * sin, away * cos0 * cos - up * sin0 * sin) / RADIAN;
    return { lat, lon: turned(centre.lon + east) };
  };
  const kmPerUnit = EARTH_RADIUS_KM / scale;
  const reachKm = (kmPerUnit * Math.sqrt(width * width + height * height)) / 2;
  return { view, kmPerUnit, reachKm, at, invert };
}

/** A longitude as -180 to 180. */
export function turned(lon: number): number {
  return ((((lon + 180) % 360) + 360) % 360) - 180;
}

/** The points of a circle on the ground, the first one again at the end. */
export function circle({ lat, lon }: Point, km: number, points = 96): readonly Point[] {
  const away = km / EARTH_RADIUS_KM;
  const [sin0, cos0] = [Math.sin(lat * RADIAN), Math.cos(lat * RADIAN)];
  const [sin, cos] = [Math.sin(away), Math.cos(away)];
  return Array.from({ length: points + 1 }, (_, i) => {
    const azimuth = (2 * Math.PI * i) / points;
    const up = sin0 * cos + cos0 * sin * Math.cos(azimuth);
    const east = Math.atan2(Math.sin(azimuth) * sin * cos0, cos - sin0 * up);
    return { lat: Math.asin(up) / RADIAN, lon: turned(lon + east / RADIAN) };
  });
}
