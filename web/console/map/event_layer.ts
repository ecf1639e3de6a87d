/** An event on the map: trail of its solutions, wave fronts, uncertainty and source. */

import type { Point } from "../../core/forecast/distance";
import { reachKm, type TravelTimes } from "../../core/forecast/travel_time";
import { circle } from "../../core/map/projection";
import type { Palette } from "../common/palette";
import type { SeenEvent } from "../feed/board";
import type { Place } from "./ground";
import { drawLabel } from "./label";
import { trace } from "./markers";

const FARTHEST_KM = 3000;
const TRAIL = 60;
/** Of the cross at the epicentre. */
const ARM_PX = 9;

/** Draws it as it is at `now` (server ms), unless it is gone. Without a table there are no fronts. */
export function drawEvent(
  pen: CanvasRenderingContext2D,
  place: Place,
  event: SeenEvent,
  table: TravelTimes | null,
  now: number,
  palette: Palette,
): void {
  if (event.gone !== null) return;
  const { last } = event;
  drawTrail(pen, place, event, palette);
  if (table) {
    const elapsed = (now - last.t0) / 1000;
    const km = (wave: "p" | "s") => reachKm(table, wave, elapsed, last.depthKm);
    drawFront(pen, place, last, km("p"), palette.p, [7, 6], 2);
    drawFront(pen, place, last, km("s"), palette.s, [], 3.5);
  }
  drawUncertainty(pen, place, event, palette);
  drawSource(pen, place, event, palette);
}

function drawTrail(
  pen: CanvasRenderingContext2D,
  place: Place,
  event: SeenEvent,
  palette: Palette,
): void {
  const past = event.versions.slice(-TRAIL).map((version) => place(version));
  pen.beginPath();
  past.forEach((at, n) => {
    if (n === 0) pen.moveTo(...at);
    else pen.lineTo(...at);
  });
  pen.strokeStyle = palette.trail;
  pen.lineWidth = 1.5;
  pen.stroke();
  pen.beginPath();
  for (const at of past) trace(pen, "disc", at[0], at[1], 2);
  pen.fillStyle = palette.trail;
  pen.fill();
}

function drawFront(
  pen: CanvasRenderingContext2D,
  place: Place,
  centre: Point,
  km: number,
  colour: string,
  dashes: number[],
  width: number,
): void {
  if (km <= 0 || km >= FARTHEST_KM) return;
  ring(pen, place, centre, km);
  pen.setLineDash(dashes);
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.stroke();
  pen.setLineDash([]);
}

/** Makes a circle on the ground the path of the pen. */
function ring(pen: CanvasRenderingContext2D, place: Place, centre: Point, km: number): void {
  pen.beginPath();
  for (const point of circle(centre, km)) pen.lineTo(...place(point));
}

/** One sigma filled, two sigmas as a line. The server's sigma is the same in all directions. */
function drawUncertainty(
  pen: CanvasRenderingContext2D,
  place: Place,
  { last }: SeenEvent,
  palette: Palette,
): void {
  ring(pen, place, last, Math.max(0.5, last.sigmaKm));
  pen.globalAlpha = 0.22;
  pen.fillStyle = palette.source;
  pen.fill();
  pen.globalAlpha = 1;
  ring(pen, place, last, Math.max(1, last.sigmaKm * 2));
  pen.strokeStyle = palette.source;
  pen.lineWidth = 1;
  pen.stroke();
}

/** The line of a large rupture, the cross at the epicentre, and the magnitude. */
function drawSource(
  pen: CanvasRenderingContext2D,
  place: Place,
  { line, last }: SeenEvent,
  palette: Palette,
): void {
  const from = line && place({ lat: line[0], lon: line[1] });
  const to = line && place({ lat: line[2], lon: line[3] });
  if (from && to)
    doubleStroke(pen, palette, 7, 4, () => {
      pen.moveTo(from[0], from[1]);
      pen.lineTo(to[0], to[1]);
    });
  const at = place(last);
  doubleStroke(pen, palette, 7, 3.5, () => {
    pen.moveTo(at[0] - ARM_PX, at[1] - ARM_PX);
    pen.lineTo(at[0] + ARM_PX, at[1] + ARM_PX);
    pen.moveTo(at[0] + ARM_PX, at[1] - ARM_PX);
    pen.lineTo(at[0] - ARM_PX, at[1] + ARM_PX);
  });
  drawLabel(pen, `M ${last.magnitude.toFixed(1)}`, [at[0] + 16, at[1] - 10], 16, palette);
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
