/** The regions of the ground, 10 by 10 degrees: which a map needs, and the lines in one of them. */

import { DEGREE_KM } from "../forecast/distance";
import { type Projection, turned } from "./projection";

export const SIZE = 10;
/** Parts of a degree in the files of single regions, and in that of the whole world. */
export const FINE = 1000;
export const COARSE = 100;
/** Regions overlap by this many degrees, so that no seam shows (scripts/map_regions.py). */
const OVERLAP = 0.02;

/** A first point and the steps from point to point, east and north, in parts of a degree. */
export type Row = readonly number[];
export type Layer = "land" | "lakes" | "borders" | "disputed";
export type Layers = Readonly<Partial<Record<Layer, readonly Row[]>>>;

/** ISO 15924. Jpan: kana, or as written in Japan. */
export type Script = "Hans" | "Hant" | "Jpan" | "Arab" | "Deva" | "Grek";
/** A town, with the code of its country and its names in other scripts. */
export type Label = readonly [
  name: string,
  lat: number,
  lon: number,
  people: number,
  country: string,
  names?: Readonly<Partial<Record<Script, string>>>,
];

export interface Corner {
  readonly lon: number;
  readonly lat: number;
}

export function nameOf({ lon, lat }: Corner): string {
  const padded = (value: number, length: number) => `00${Math.abs(value)}`.slice(-length);
  return `${lat < 0 ? "s" : "n"}${padded(lat, 2)}${lon < 0 ? "w" : "e"}${padded(lon, 3)}`;
}

/** The south-western corners of the regions that the map may touch, the nearest to its middle first. */
export function cornersIn({ view, reachKm }: Projection): Corner[] {
  const { lat, lon } = view.centre;
  const reach = reachKm / DEGREE_KM;
  const [south, north] = [lat - reach, lat + reach];
  const pole = Math.max(Math.abs(south), Math.abs(north));
  const wide = pole >= 89 ? 180 : Math.min(180, reach / Math.cos((pole * Math.PI) / 180));
  const corners: Corner[] = [];
  for (let y = floor(Math.max(-90, south)); y < Math.min(90, north); y += SIZE)
    for (let x = floor(lon - wide); x < Math.min(lon + wide, floor(lon - wide) + 360); x += SIZE)
      corners.push({ lon: turned(x), lat: y });
  const away = (corner: Corner) =>
    Math.abs(turned(corner.lon + SIZE / 2 - lon)) + Math.abs(corner.lat + SIZE / 2 - lat);
  return corners.sort((a, b) => away(a) - away(b));
}

function floor(degrees: number): number {
  return Math.floor(degrees / SIZE) * SIZE;
}

/** Draws lines: a canvas, or what makes the path of an SVG of them. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  closePath(): void;
}

/** Trace rings, to be filled. */
export function area(pen: Pen, rows: readonly Row[], corner: Corner, parts: number, at: At): void {
  for (const row of rows) {
    trace(pen, row, corner, parts, at, () => false);
    pen.closePath();
  }
}

/** Trace the lines of rings or of borders, without what runs along the edge of the region. */
export function lines(pen: Pen, rows: readonly Row[], corner: Corner, parts: number, at: At): void {
  const [low, high] = [-OVERLAP * parts, (SIZE + OVERLAP) * parts];
  const onEdge = (value: number, before: number) =>
    (value <= low && before <= low) || (value >= high && before >= high);
  const skips: Skips = (x, y, x0, y0) => onEdge(x, x0) || onEdge(y, y0);
  for (const row of rows) trace(pen, row, corner, parts, at, skips);
}

type At = Projection["at"];
type Skips = (x: number, y: number, x0: number, y0: number) => boolean;

function trace(pen: Pen, row: Row, corner: Corner, parts: number, at: At, skips: Skips): void {
  let [x, y] = [0, 0];
  for (let i = 0; i < row.length; i += 2) {
    const [x0, y0] = [x, y];
    x += row[i] as number;
    y += row[i + 1] as number;
    const [px, py] = at(corner.lon + x / parts, corner.lat + y / parts);
    if (i === 0 || skips(x, y, x0, y0)) pen.moveTo(px, py);
    else pen.lineTo(px, py);
  }
}

/** Collects what is traced as the `d` of an SVG path, in tenths of a unit. */
export class SvgPen implements Pen {
  private readonly steps: string[] = [];

  get path(): string {
    return this.steps.join("");
  }

  moveTo(x: number, y: number): void {
    this.steps.push(`M${x.toFixed(1)} ${y.toFixed(1)}`);
  }

  lineTo(x: number, y: number): void {
    this.steps.push(`L${x.toFixed(1)} ${y.toFixed(1)}`);
  }

  closePath(): void {
    this.steps.push("Z");
  }
}
