/** The strips of the record section as pixels: the intensity of the stations by distance and time. */

import { distanceKm, type Point } from "../../core/forecast/distance";
import { classIndex, type Palette, rgb } from "../common/palette";
import type { Board } from "../feed/board";
import { type History, STEPS } from "../feed/history";

export const BINS = 90;
const FELT_TENTHS = 15;
/** Strips beside that of a station that show it too. */
const FILLED = 2;

/** Stations by strip, from the nearest; the distance at the far edge. */
export interface Strips {
  /** Strip of each station, -1: beyond the edge. */
  readonly bin: Int16Array;
  readonly farthestKm: number;
}

export function strips(board: Board, from: Point, farthestKm: number): Strips {
  const bin = new Int16Array(board.stations.length);
  board.stations.forEach((station, row) => {
    const at = Math.floor((distanceKm(from, station) / farthestKm) * BINS);
    bin[row] = at < BINS ? at : -1;
  });
  return { bin, farthestKm };
}

/** How far the section reaches: all stations, or as far as S comes in its time, in round steps. */
export function reach(board: Board, from: Point): number {
  const far = Math.max(50, ...board.stations.map((station) => distanceKm(from, station)));
  const steps = [50, 100, 150, 200, 300, 400, 600, 800, 1000];
  return steps.find((km) => far <= km) ?? 1000;
}

/**
 * The strips as pixels, STEPS wide and BINS high, the farthest on top, the newest at the right.
 * rgba: filled anew. What feels nothing has the colour "strip", a strip without a station "bare".
 */
export function paintStrips(
  history: History,
  { bin }: Strips,
  rgba: Uint8ClampedArray,
  palette: Palette,
): void {
  const strongest = new Uint8Array(STEPS * BINS);
  const has = new Uint8Array(BINS);
  for (let row = 0; row < bin.length; row++) {
    const strip = bin[row]!;
    if (strip < 0) continue;
    has[strip] = 1;
    for (let step = 0; step < STEPS; step++) {
      const at = (history.newest + 1 + step) % STEPS;
      const value = history.tenths[row * STEPS + at]!;
      const pixel = strip * STEPS + step;
      if (value > strongest[pixel]!) strongest[pixel] = value;
    }
  }
  const colours = palette.classes.map(rgb);
  const [calm, none] = [rgb(palette.strip), rgb(palette.bare)];
  for (let strip = 0; strip < BINS; strip++) {
    const seen = nearest(has, strip);
    for (let step = 0; step < STEPS; step++) {
      const tenths = seen < 0 ? 0 : strongest[seen * STEPS + step]!;
      const rest = seen < 0 ? none : calm;
      const [r, g, b] = tenths < FELT_TENTHS ? rest : colours[classIndex(tenths / 10)]!;
      const pixel = ((BINS - 1 - strip) * STEPS + step) * 4;
      rgba[pixel] = r;
      rgba[pixel + 1] = g;
      rgba[pixel + 2] = b;
      rgba[pixel + 3] = 255;
    }
  }
}

/** The strip with a station that is nearest, as sparse networks have gaps; -1: none is near. */
function nearest(has: Uint8Array, strip: number): number {
  for (let away = 0; away <= FILLED; away++)
    for (const at of [strip - away, strip + away]) if (has[at]) return at;
  return -1;
}
