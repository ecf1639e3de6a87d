/** Sea, land and a grid, drawn once for each view; everything else is drawn on a copy of it. */

import { type GeoProjection, geoAzimuthalEquidistant, geoGraticule, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { EARTH_RADIUS_KM } from "../core/forecast/distance";
import { fetchJson } from "../core/stream/http";
import type { View } from "./map_view";
import type { Palette } from "./palette";

type Land = GeoJSON.FeatureCollection | GeoJSON.Feature;

export interface Size {
  readonly width: number;
  readonly height: number;
  /** Device pixels to one CSS pixel. */
  readonly ratio: number;
}

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
  path(geoGraticule().step(gridStep(view))());
  pen.strokeStyle = palette.grid;
  pen.stroke();
}

/** Degrees between two lines of the grid: four to eight of them are seen. */
function gridStep({ radiusKm }: View): [number, number] {
  const across = (radiusKm * 2) / 111;
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20].find((each) => across / each <= 8) ?? 30;
  return [step, step];
}
