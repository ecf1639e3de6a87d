/** Sea, land and a grid, drawn once for each view; everything else is drawn on a copy of it. */

import { type GeoProjection, geoAzimuthalEquidistant, geoGraticule, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { EARTH_RADIUS_KM, type Point } from "../../core/forecast/distance";
import { fetchJson } from "../../core/stream/http";
import type { Size } from "../common/canvas";
import type { Palette } from "../common/palette";
import type { View } from "./map_view";

/** Where a point of the Earth lies on the canvas; null: not on it. */
export type Place = (point: Point) => readonly [number, number] | null;

type Land = GeoJSON.FeatureCollection | GeoJSON.Feature;

const DEGREE_KM = 111.2;
/** Of the radius: a wide map shows more than its smaller side. */
const SEEN = 2.5;

let land: Land | null = null;

/** Loads the coast once; until then the sea is empty. */
export async function loadLand(): Promise<void> {
  const topology = await fetchJson<Topology<{ land: GeometryCollection }>>("land.json");
  land = feature(topology, topology.objects.land) as unknown as Land;
}

export function projectionOf({ centre, radiusKm }: View, { width, height }: Size): GeoProjection {
  return geoAzimuthalEquidistant()
    .rotate([-centre.lon, -centre.lat])
    .translate([width / 2, height / 2])
    .scale((Math.min(width, height) / 2) * (EARTH_RADIUS_KM / radiusKm))
    .precision(0) // its lines are short: to look for bends between their points takes most of the time
    .clipExtent([
      [-20, -20],
      [width + 20, height + 20],
    ]);
}

export function drawGround(
  pen: CanvasRenderingContext2D,
  projection: GeoProjection,
  view: View,
  size: Size,
  palette: Palette,
): void {
  pen.fillStyle = palette.sea;
  pen.fillRect(0, 0, size.width, size.height);
  const path = geoPath(projection, pen);
  pen.lineWidth = 1;
  if (land) {
    pen.beginPath();
    path(land); // takes most of the time: once for both
    pen.fillStyle = palette.land;
    pen.fill();
    pen.strokeStyle = palette.coast;
    pen.stroke();
  }
  pen.beginPath();
  path(grid(view));
  pen.strokeStyle = palette.grid;
  pen.stroke();
}

/** Lines of the grid around the view only: those of the whole Earth would be thousands. */
function grid(view: View): GeoJSON.MultiLineString {
  const { centre, radiusKm } = view;
  const step = gridStep(view);
  const lat = Math.min(80, (radiusKm * SEEN) / DEGREE_KM);
  const lon = Math.min(179, lat / Math.max(0.1, Math.cos((centre.lat * Math.PI) / 180)));
  const west = Math.floor((centre.lon - lon) / step) * step;
  const south = Math.max(-90, Math.floor((centre.lat - lat) / step) * step);
  return geoGraticule()
    .step([step, step])
    .precision(step)
    .extent([
      [west, south],
      [centre.lon + lon, Math.min(90, centre.lat + lat)],
    ])();
}

/** Degrees between two lines of the grid: four to eight of them are seen. */
function gridStep({ radiusKm }: View): number {
  const across = (radiusKm * 2) / DEGREE_KM;
  return [0.1, 0.2, 0.5, 1, 2, 5, 10, 20].find((each) => across / each <= 8) ?? 30;
}
