/** The stations on the map: where each is, drawn as stamps, and which is near a point. */

import type { Size } from "../common/canvas";
import type { Palette } from "../common/palette";
import type { Board, SeenStation } from "../feed/board";
import type { Place } from "./ground";
import { drawLabel } from "./label";
import { depth, type Marker, markerOf, radius, Stamps, trace } from "./markers";

/** So far from a station a press still means it. */
const NEAR_PX = 18;

type Spot = readonly [number, number];

export class StationLayer {
  private readonly stamps = new Stamps();
  /** By row. */
  private spots: Spot[] = [];

  /** The view is another, or the stations are. */
  placeAll(board: Board, place: Place): void {
    this.spots = board.stations.map((station) => place(station));
  }

  draw(
    pen: CanvasRenderingContext2D,
    board: Board,
    now: number,
    peak: boolean,
    size: Size,
    palette: Palette,
  ): void {
    const inView = this.spots.filter((at) => isIn(at, size)).length;
    for (const [marker, spots] of this.alike(board, now, peak, size)) {
      const stamp = this.stamps.of(marker, radius(marker, inView), size.ratio, palette);
      const side = stamp.width / size.ratio;
      for (const at of spots) pen.drawImage(stamp, at[0] - side / 2, at[1] - side / 2, side, side);
    }
  }

  /** Rings and names a station. */
  drawChosen(pen: CanvasRenderingContext2D, station: SeenStation, palette: Palette): void {
    const at = this.spots[station.row];
    if (!at) return;
    pen.beginPath();
    trace(pen, "ring", at[0], at[1], 12);
    pen.strokeStyle = palette.label;
    pen.lineWidth = 2.5;
    pen.stroke();
    drawLabel(pen, station.code, [at[0] + 16, at[1] + 5], 14, palette);
  }

  /** The station at a point of the canvas, in CSS pixels, if there is one near it. */
  stationAt(board: Board, x: number, y: number): SeenStation | null {
    let best: SeenStation | null = null;
    let nearest = NEAR_PX * NEAR_PX;
    for (const station of board.stations) {
      const at = this.spots[station.row];
      if (!at) continue;
      const away = (at[0] - x) ** 2 + (at[1] - y) ** 2;
      if (away >= nearest) continue;
      nearest = away;
      best = station;
    }
    return best;
  }

  /** The places of the markers in view, those that look alike together, the weakest first. */
  private alike(
    board: Board,
    now: number,
    peak: boolean,
    size: Size,
  ): (readonly [Marker, Spot[]])[] {
    const groups = new Map<string, [Marker, Spot[]]>();
    for (const station of board.stations) {
      const at = this.spots[station.row];
      if (!at || !isIn(at, size)) continue;
      const marker = markerOf(station, now, peak);
      const key = `${marker.shape} ${marker.felt}`;
      const group = groups.get(key);
      if (group) group[1].push(at);
      else groups.set(key, [marker, [at]]);
    }
    return Array.from(groups.values()).sort((a, b) => depth(a[0]) - depth(b[0]));
  }
}

function isIn([x, y]: Spot, { width, height }: Size): boolean {
  return x > -10 && y > -10 && x < width + 10 && y < height + 10;
}
