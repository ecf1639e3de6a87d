/** Paints the ground on a canvas: sea, land with its relief, lakes, coasts, borders. */

import type { Region } from "./ground";
import type { Projection } from "./projection";
import { area, type Layer, lines, SIZE } from "./region";

export interface GroundColours {
  readonly sea: string;
  readonly land: string;
  readonly lake: string;
  readonly coast: string;
  readonly border: string;
  /** How strong the relief is, 0 to 1. */
  readonly relief: number;
}

type Canvas = CanvasRenderingContext2D;

/** Relief is laid in squares of this many degrees, which are nearly even in the projection. */
const PATCH = 2;
const DASHES = [4, 4];

/** ratio: pixels of the canvas for each unit of the map. */
export function paintGround(
  pen: Canvas,
  map: Projection,
  regions: readonly Region[],
  colours: GroundColours,
  ratio: number,
): void {
  const { width, height } = map.view;
  pen.fillStyle = colours.sea;
  pen.fillRect(0, 0, width, height);
  fill(pen, map, regions, "land", colours.land);
  if (colours.relief > 0) paintRelief(pen, map, regions, colours.relief, ratio);
  fill(pen, map, regions, "lakes", colours.lake);
  pen.lineJoin = "round";
  stroke(pen, map, regions, "lakes", colours.coast, 0.6, []);
  stroke(pen, map, regions, "land", colours.coast, 1, []);
  stroke(pen, map, regions, "borders", colours.border, 1.2, []);
  stroke(pen, map, regions, "disputed", colours.border, 1.2, DASHES);
}

function fill(
  pen: Canvas,
  map: Projection,
  regions: readonly Region[],
  layer: Layer,
  colour: string,
): void {
  pen.beginPath();
  for (const region of regions) area(pen, region.layers[layer] ?? [], region, region.parts, map.at);
  pen.fillStyle = colour;
  pen.fill();
}

function stroke(
  pen: Canvas,
  map: Projection,
  regions: readonly Region[],
  layer: Layer,
  colour: string,
  width: number,
  dashes: number[],
): void {
  pen.beginPath();
  for (const region of regions)
    lines(pen, region.layers[layer] ?? [], region, region.parts, map.at);
  pen.setLineDash(dashes);
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.stroke();
  pen.setLineDash([]);
}

/** Light and shade of the slopes, on land only. */
function paintRelief(
  pen: Canvas,
  map: Projection,
  regions: readonly Region[],
  strength: number,
  ratio: number,
): void {
  const { width, height } = map.view;
  const sheet = document.createElement("canvas");
  sheet.width = Math.round(width * ratio);
  sheet.height = Math.round(height * ratio);
  const brush = sheet.getContext("2d")!;
  brush.fillStyle = "#808080";
  brush.fillRect(0, 0, sheet.width, sheet.height);
  for (const region of regions) if (region.relief) layRelief(brush, map, region, ratio);
  pen.save();
  pen.beginPath();
  for (const region of regions) area(pen, region.layers.land ?? [], region, region.parts, map.at);
  pen.clip();
  pen.globalCompositeOperation = "hard-light";
  pen.globalAlpha = strength;
  pen.drawImage(sheet, 0, 0, width, height);
  pen.restore();
}

function layRelief(brush: Canvas, map: Projection, region: Region, ratio: number): void {
  const picture = region.relief!;
  const pixels = picture.naturalWidth / SIZE; // a degree
  const { width, height } = map.view;
  for (let x = 0; x < SIZE; x += PATCH) {
    for (let y = 0; y < SIZE; y += PATCH) {
      const corners = [0, 1, 2, 3].map((i) =>
        map.at(region.lon + x + (i % 2) * PATCH, region.lat + SIZE - y - (i >> 1) * PATCH),
      ) as [P, P, P, P];
      if (isOutside(corners, width, height)) continue;
      const [nw, ne, sw] = corners;
      const side = PATCH * pixels;
      const steps = [ne[0] - nw[0], ne[1] - nw[1], sw[0] - nw[0], sw[1] - nw[1]] as const;
      const [a, b, c, d] = steps.map((step) => (step * ratio) / side) as [
        Tuple,
        Tuple,
        Tuple,
        Tuple,
      ];
      brush.setTransform(a, b, c, d, nw[0] * ratio, nw[1] * ratio);
      // One pixel more on two sides: between two patches nothing shines through.
      const wide = Math.min(side + 1, picture.naturalWidth - x * pixels);
      const high = Math.min(side + 1, picture.naturalHeight - y * pixels);
      brush.drawImage(picture, x * pixels, y * pixels, wide, high, 0, 0, wide, high);
    }
  }
  brush.setTransform(1, 0, 0, 1, 0, 0);
}

type Tuple = number;
type P = readonly [number, number];

function isOutside(corners: readonly P[], width: number, height: number): boolean {
  const [xs, ys] = [corners.map((c) => c[0]), corners.map((c) => c[1])];
  return (
    Math.max(...xs) < 0 ||
    Math.max(...ys) < 0 ||
    Math.min(...xs) > width ||
    Math.min(...ys) > height
  );
}
