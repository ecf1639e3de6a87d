/**
 * The map: stations, picks, wave fronts, the solution with its uncertainty and its trail. Ground
 * and stations are drawn when they change (five times a second at most); in between only fronts and
 * source are drawn on a copy, so that thousands of stations cost nothing in most frames.
 */

import type { GeoProjection } from "d3-geo";
import { EARTH_RADIUS_KM, type Point } from "../../core/forecast/distance";
import { reachKm, type TravelTimes } from "../../core/forecast/travel_time";
import { fitCanvas, opaque, type Size, sizeOf } from "../common/canvas";
import type { Palette } from "../common/palette";
import type { Board, SeenEvent, SeenStation } from "../feed/board";
import { drawGround, projectionOf } from "./ground";
import type { View } from "./map_view";
import { depth, type Marker, markerOf, radius, Stamps, trace } from "./markers";

const CIRCLE_POINTS = 96;
const FARTHEST_KM = 3000;
const TRAIL = 60;

export interface Shown {
  readonly board: Board;
  readonly view: View;
  readonly table: TravelTimes | null;
  /** Server time now, ms. */
  readonly now: number;
  /** Row of the chosen station. */
  readonly chosen: number | null;
  /** Show the largest motion of the last minutes. */
  readonly peak: boolean;
  readonly palette: Palette;
  /** The scale's label, as "100 km". */
  readonly scale: (km: number) => string;
}

export class LiveMap {
  readonly canvas = document.createElement("canvas");
  private readonly ground = document.createElement("canvas");
  private readonly lit = document.createElement("canvas");
  private readonly stamps = new Stamps();
  private projection: GeoProjection | null = null;
  private xy: (readonly [number, number] | null)[] = [];
  private groundKey = "";
  private litKey = "";
  /** Grows when the coast has been loaded. */
  version = 0;

  /** Draws everything as it is at `now`. */
  draw(shown: Shown): void {
    const size = sizeOf(this.canvas);
    if (size.width === 0 || size.height === 0) return;
    this.drawGround(shown, size);
    this.drawStations(shown, size);
    const pen = opaque(this.canvas);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.drawImage(this.lit, 0, 0);
    pen.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
    for (const event of shown.board.events) this.drawEvent(pen, event, shown);
    this.drawChosen(pen, shown);
  }

  /** The station at a point of the canvas, in CSS pixels, if there is one near it. */
  stationAt(board: Board, x: number, y: number): SeenStation | null {
    let best: SeenStation | null = null;
    let nearest = 18 * 18;
    for (const station of board.stations) {
      const at = this.xy[station.row];
      if (!at) continue;
      const away = (at[0] - x) ** 2 + (at[1] - y) ** 2;
      if (away >= nearest) continue;
      nearest = away;
      best = station;
    }
    return best;
  }

  private drawGround(shown: Shown, size: Size): void {
    const { view, palette, board } = shown;
    const parts = [view, size, palette.sea, this.version, board.stations.length];
    const key = JSON.stringify(parts);
    if (key === this.groundKey) return;
    this.groundKey = key;
    for (const canvas of [this.canvas, this.ground, this.lit]) fitCanvas(canvas, size);
    this.projection = projectionOf(view, size);
    const pen = opaque(this.ground);
    pen.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
    drawGround(pen, this.projection, view, size, palette);
    drawScale(pen, shown, size);
    this.xy = board.stations.map((station) => this.place(station));
    this.litKey = "";
  }

  private drawStations(shown: Shown, size: Size): void {
    const { board, palette, peak } = shown;
    // A pick ages without a change of the board: once a second is often enough.
    const key = [board.revision, peak, Math.floor(shown.now / 1000)].join();
    if (key === this.litKey) return;
    this.litKey = key;
    const pen = opaque(this.lit);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.drawImage(this.ground, 0, 0);
    pen.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
    const inView = this.xy.filter((at) => at && isIn(at, size)).length;
    for (const [marker, rows] of this.alike(board, shown.now, peak, size)) {
      const stamp = this.stamps.of(marker, radius(marker, inView), size.ratio, palette);
      const side = stamp.width / size.ratio;
      for (const at of rows) pen.drawImage(stamp, at[0] - side / 2, at[1] - side / 2, side, side);
    }
  }

  /** The places of the markers in view, those that look alike together, the weakest first. */
  private alike(
    board: Board,
    now: number,
    peak: boolean,
    size: Size,
  ): (readonly [Marker, (readonly [number, number])[]])[] {
    const groups = new Map<string, [Marker, (readonly [number, number])[]]>();
    for (const station of board.stations) {
      const at = this.xy[station.row];
      if (!at || !isIn(at, size)) continue;
      const marker = markerOf(station, now, peak);
      const key = `${marker.shape} ${marker.felt}`;
      const group = groups.get(key);
      if (group) group[1].push(at);
      else groups.set(key, [marker, [at]]);
    }
    return Array.from(groups.values()).sort((a, b) => depth(a[0]) - depth(b[0]));
  }

  private drawEvent(pen: CanvasRenderingContext2D, event: SeenEvent, shown: Shown): void {
    const { palette, table, now } = shown;
    if (event.gone !== null) return;
    const { last } = event;
    this.drawTrail(pen, event, palette);
    if (table) {
      const elapsed = (now - last.t0) / 1000;
      this.drawFront(pen, last, reachKm(table, "p", elapsed, last.depthKm), palette.p, [7, 6], 2);
      this.drawFront(pen, last, reachKm(table, "s", elapsed, last.depthKm), palette.s, [], 3.5);
    }
    this.drawUncertainty(pen, event, palette);
    this.drawSource(pen, event, palette);
  }

  private drawFront(
    pen: CanvasRenderingContext2D,
    centre: Point,
    km: number,
    colour: string,
    dashes: number[],
    width: number,
  ): void {
    if (km <= 0 || km >= FARTHEST_KM) return;
    this.circle(pen, centre, km);
    pen.setLineDash(dashes);
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.stroke();
    pen.setLineDash([]);
  }

  /** One sigma filled, two sigmas as a line. The server's sigma is the same in all directions. */
  private drawUncertainty(
    pen: CanvasRenderingContext2D,
    { last }: SeenEvent,
    palette: Palette,
  ): void {
    this.circle(pen, last, Math.max(0.5, last.sigmaKm));
    pen.globalAlpha = 0.22;
    pen.fillStyle = palette.source;
    pen.fill();
    pen.globalAlpha = 1;
    this.circle(pen, last, Math.max(1, last.sigmaKm * 2));
    pen.strokeStyle = palette.source;
    pen.lineWidth = 1;
    pen.stroke();
  }

  private drawTrail(pen: CanvasRenderingContext2D, event: SeenEvent, palette: Palette): void {
    const past = event.versions.slice(-TRAIL).map((version) => this.place(version));
    pen.beginPath();
    past.forEach((at, n) => {
      if (at && n === 0) pen.moveTo(at[0], at[1]);
      else if (at) pen.lineTo(at[0], at[1]);
    });
    pen.strokeStyle = palette.trail;
    pen.lineWidth = 1.5;
    pen.stroke();
    pen.beginPath();
    for (const at of past) if (at) trace(pen, "disc", at[0], at[1], 2);
    pen.fillStyle = palette.trail;
    pen.fill();
  }

  private drawSource(pen: CanvasRenderingContext2D, event: SeenEvent, palette: Palette): void {
    const { line, last } = event;
    if (line) {
      const ends = [
        this.place({ lat: line[0], lon: line[1] }),
        this.place({ lat: line[2], lon: line[3] }),
      ];
      if (ends[0] && ends[1])
        doubleStroke(pen, palette, 7, 4, () => {
          pen.moveTo(ends[0]![0], ends[0]![1]);
          pen.lineTo(ends[1]![0], ends[1]![1]);
        });
    }
    const at = this.place(last);
    if (!at) return;
    const arm = 9;
    doubleStroke(pen, palette, 7, 3.5, () => {
      pen.moveTo(at[0] - arm, at[1] - arm);
      pen.lineTo(at[0] + arm, at[1] + arm);
      pen.moveTo(at[0] + arm, at[1] - arm);
      pen.lineTo(at[0] - arm, at[1] + arm);
    });
    const text = `M ${last.magnitude.toFixed(1)}`;
    pen.font = "700 16px system-ui, sans-serif";
    pen.lineJoin = "round";
    pen.lineWidth = 4;
    pen.strokeStyle = palette.halo;
    pen.strokeText(text, at[0] + 16, at[1] - 10);
    pen.fillStyle = palette.label;
    pen.fillText(text, at[0] + 16, at[1] - 10);
  }

  private drawChosen(pen: CanvasRenderingContext2D, { board, chosen, palette }: Shown): void {
    const station = chosen === null ? undefined : board.stations[chosen];
    const at = station && this.xy[station.row];
    if (!station || !at) return;
    pen.beginPath();
    trace(pen, "ring", at[0], at[1], 12);
    pen.strokeStyle = palette.label;
    pen.lineWidth = 2.5;
    pen.stroke();
    pen.font = "700 14px system-ui, sans-serif";
    pen.lineWidth = 4;
    pen.lineJoin = "round";
    pen.strokeStyle = palette.halo;
    pen.strokeText(station.code, at[0] + 16, at[1] + 5);
    pen.fillStyle = palette.label;
    pen.fillText(station.code, at[0] + 16, at[1] + 5);
  }

  /** A circle on the ground as a path of the pen. */
  private circle(pen: CanvasRenderingContext2D, centre: Point, km: number): void {
    pen.beginPath();
    for (let n = 0; n <= CIRCLE_POINTS; n++) {
      const at = this.place(destination(centre, km, (n / CIRCLE_POINTS) * 2 * Math.PI));
      if (!at) continue;
      if (n === 0) pen.moveTo(at[0], at[1]);
      else pen.lineTo(at[0], at[1]);
    }
  }

  private place(point: Point): readonly [number, number] | null {
    return this.projection?.([point.lon, point.lat]) ?? null;
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

function isIn([x, y]: readonly [number, number], { width, height }: Size): boolean {
  return x > -10 && y > -10 && x < width + 10 && y < height + 10;
}

function doubleStroke(
  pen: CanvasRenderingContext2D,
  palette: Palette,
  outer: number,
  inner: number,
  path: () => void,
): void {
  pen.lineCap = "round";
  for (const [colour, width] of [
    [palette.halo, outer],
    [palette.source, inner],
  ] as const) {
    pen.beginPath();
    path();
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.stroke();
  }
  pen.lineCap = "butt";
}

function drawScale(pen: CanvasRenderingContext2D, shown: Shown, { width, height }: Size): void {
  const kmPerPixel = (2 * shown.view.radiusKm) / Math.min(width, height);
  const steps = [5, 10, 20, 50, 100, 200, 500, 1000, 2000];
  const km = steps.reduce((best, one) => (one / kmPerPixel <= 110 ? one : best), 5);
  const [x, y] = [14, height - 14];
  pen.strokeStyle = pen.fillStyle = shown.palette.label;
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.moveTo(x, y - 5);
  pen.lineTo(x, y);
  pen.lineTo(x + km / kmPerPixel, y);
  pen.lineTo(x + km / kmPerPixel, y - 5);
  pen.stroke();
  pen.font = "14px system-ui, sans-serif";
  pen.fillText(shown.scale(km), x + km / kmPerPixel + 8, y);
}
