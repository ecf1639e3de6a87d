/**
 * The record section: time to the right, distance from the source upwards; each station's intensity
 * as a strip of colour, with picks and the travel-time curves of P and S. Stations that would lie
 * on the same strip share it: the strongest counts.
 */

import { distanceKm, type Point } from "../../core/forecast/distance";
import { seconds, type TravelTimes } from "../../core/forecast/travel_time";
import { fitCanvas, opaque, sizeOf } from "../common/canvas";
import type { Palette } from "../common/palette";
import type { Board, SeenEvent, SeenStation } from "../feed/board";
import { type History, STEP_MS, STEPS } from "../feed/history";
import { BINS, paintStrips, reach, type Strips, strips } from "./strips";
import { type TimeSpan, timeSpan } from "./time_span";

const LEFT = 58;
const BOTTOM = 30;
const TOP = 10;
const RIGHT = 12;

/** ms that are kept. */
const KEPT_MS = STEPS * STEP_MS;
/** Seconds between two labels of the time axis, and the least space of one. */
const STEPS_S = [5, 10, 20, 40];
const LABEL_PX = 70;

export interface SectionShown {
  readonly board: Board;
  readonly history: History;
  readonly event: SeenEvent | null;
  /** Where distances are from while there is no event. */
  readonly middle: Point;
  readonly table: TravelTimes | null;
  readonly now: number;
  readonly palette: Palette;
  /** Label of a time of the axis, in seconds after the origin, or before now. */
  readonly label: (seconds: number, ofOrigin: boolean) => string;
}

interface Plot {
  readonly span: TimeSpan;
  readonly width: number;
  readonly height: number;
  readonly x: (time: number) => number;
  readonly y: (km: number) => number;
}

export class Section {
  readonly canvas = document.createElement("canvas");
  private readonly image = document.createElement("canvas");
  private pixels: ImageData | null = null;
  private known: Strips | null = null;
  private stripsKey = "";
  private painted = "";
  private readonly km = new Map<number, number>();

  draw(shown: SectionShown): void {
    const size = sizeOf(this.canvas);
    if (size.width < 120 || size.height < 80) return;
    const wanted = Math.round(size.width * size.ratio);
    if (this.canvas.width !== wanted || this.canvas.height !== Math.round(size.height * size.ratio))
      fitCanvas(this.canvas, size);
    const found = this.strips(shown);
    this.paint(shown, found);
    const pen = opaque(this.canvas);
    pen.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
    pen.fillStyle = shown.palette.sea;
    pen.fillRect(0, 0, size.width, size.height);
    const width = size.width - LEFT - RIGHT;
    const height = size.height - TOP - BOTTOM;
    const { event, now } = shown;
    const span = timeSpan(event && event.gone === null ? event.last.t0 : null, now, KEPT_MS);
    const plot: Plot = {
      ...{ width, height, span },
      x: (time) => LEFT + (width * (time - span.from)) / (span.to - span.from),
      y: (km) => TOP + height * (1 - km / found.farthestKm),
    };
    this.drawStrips(pen, shown, plot);
    this.drawCurves(pen, shown, plot, found.farthestKm);
    this.drawPicks(pen, shown, plot);
    this.drawAxes(pen, shown, plot, found.farthestKm);
  }

  private origin({ event, middle }: SectionShown): Point {
    return event ? event.last : middle;
  }

  private strips(shown: SectionShown): Strips {
    const from = this.origin(shown);
    const key = [from.lat.toFixed(2), from.lon.toFixed(2), shown.board.network].join();
    if (!this.known || key !== this.stripsKey) {
      this.stripsKey = key;
      this.km.clear();
      this.known = strips(shown.board, from, reach(shown.board, from));
    }
    return this.known;
  }

  private paint({ history, palette }: SectionShown, found: Strips): void {
    const key = [history.newest, this.stripsKey, palette.strip, palette.bare].join();
    if (key === this.painted) return;
    this.painted = key;
    this.image.width = STEPS;
    this.image.height = BINS;
    const pen = this.image.getContext("2d")!;
    this.pixels ??= pen.createImageData(STEPS, BINS);
    paintStrips(history, found, this.pixels.data, palette);
    pen.putImageData(this.pixels, 0, 0);
  }

  private drawStrips(pen: CanvasRenderingContext2D, shown: SectionShown, plot: Plot): void {
    const end = (shown.history.newest + 1) * STEP_MS;
    const [left, right] = [plot.x(end - KEPT_MS), plot.x(end)];
    pen.save();
    pen.beginPath();
    pen.rect(LEFT, TOP, plot.width, plot.height);
    pen.clip();
    pen.fillStyle = shown.palette.strip;
    pen.fillRect(LEFT, TOP, plot.x(shown.now) - LEFT, plot.height);
    pen.imageSmoothingEnabled = false;
    if (shown.history.newest >= 0) pen.drawImage(this.image, left, TOP, right - left, plot.height);
    pen.restore();
  }

  private drawCurves(
    pen: CanvasRenderingContext2D,
    { event, table, palette }: SectionShown,
    plot: Plot,
    farthestKm: number,
  ): void {
    if (!event || !table || event.gone !== null) return;
    pen.save();
    pen.beginPath();
    pen.rect(LEFT, TOP, plot.width, plot.height);
    pen.clip();
    for (const [wave, colour, dashes, width] of [
      ["p", palette.p, [7, 6], 2],
      ["s", palette.s, [], 3],
    ] as const) {
      pen.beginPath();
      for (let km = 0; km <= farthestKm; km += farthestKm / 60) {
        const after = seconds(table, wave, km, event.last.depthKm);
        if (Number.isNaN(after)) break;
        const at = [plot.x(event.last.t0 + after * 1000), plot.y(km)] as const;
        if (km === 0) pen.moveTo(at[0], at[1]);
        else pen.lineTo(at[0], at[1]);
      }
      pen.setLineDash([...dashes]);
      for (const [line, thick] of [
        [palette.halo, width + 2.5],
        [colour, width],
      ] as const) {
        pen.strokeStyle = line;
        pen.lineWidth = thick;
        pen.stroke();
      }
      pen.setLineDash([]);
    }
    pen.restore();
  }

  private drawPicks(pen: CanvasRenderingContext2D, shown: SectionShown, plot: Plot): void {
    const { board, palette, now } = shown;
    const from = this.origin(shown);
    for (const loose of [true, false]) {
      pen.fillStyle = loose ? palette.loose : palette.pick;
      for (const pick of board.picks) {
        const station = board.stations[pick.row];
        const old = pick.at < plot.span.from;
        if (!station || old || pick.at > now || (pick.event === null) !== loose) continue;
        const y = plot.y(this.kmOf(from, station));
        // Squares and bars differ in form, and are quicker than paths.
        if (y < TOP) continue;
        else if (loose) pen.fillRect(plot.x(pick.at) - 1.5, y - 1.5, 3, 3);
        else pen.fillRect(plot.x(pick.at) - 1, y - 3, 2, 6);
      }
    }
  }

  /** Known until the source moves: there are thousands of picks, ten times a second. */
  private kmOf(from: Point, station: SeenStation): number {
    const known = this.km.get(station.row);
    if (known !== undefined) return known;
    const km = distanceKm(from, station);
    this.km.set(station.row, km);
    return km;
  }

  private drawAxes(
    pen: CanvasRenderingContext2D,
    shown: SectionShown,
    plot: Plot,
    farthestKm: number,
  ): void {
    const { palette, event, now } = shown;
    pen.font = "14px system-ui, sans-serif";
    pen.fillStyle = palette.label;
    pen.strokeStyle = palette.coast;
    pen.lineWidth = 1;
    pen.strokeRect(LEFT + 0.5, TOP + 0.5, plot.width - 1, plot.height - 1);
    pen.textAlign = "right";
    const lines = plot.height > 160 ? 4 : 2;
    for (let n = 0; n <= lines; n++) {
      const km = (farthestKm * n) / lines;
      const text = n === lines ? `${km} km` : `${Math.round(km)}`;
      pen.fillText(text, LEFT - 6, Math.max(TOP + 12, plot.y(km) + 4));
    }
    pen.textAlign = "center";
    const zero = event ? event.last.t0 : now;
    const { from, to } = plot.span;
    const seconds = (to - from) / 1000;
    const step = STEPS_S.find((each) => (plot.width * each) / seconds >= LABEL_PX) ?? 40;
    const first = Math.ceil((from - zero) / 1000 / step) * step;
    for (let at = first; zero + at * 1000 <= to; at += step) {
      const x = plot.x(zero + at * 1000);
      if (x < LEFT + 12 || x > LEFT + plot.width - 12) continue;
      pen.beginPath();
      pen.moveTo(x, TOP + plot.height);
      pen.lineTo(x, TOP + plot.height + 5);
      pen.stroke();
      pen.fillText(shown.label(at, event !== null), x, TOP + plot.height + 20);
    }
    pen.textAlign = "left";
  }
}
