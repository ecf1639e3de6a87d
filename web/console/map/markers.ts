/**
 * The stations on the map. What a marker says it says by its form too: a dot feels nothing, a disc
 * the larger the more; a triangle has picked a wave that belongs to the event, a diamond one that
 * belongs to none; a ring is away or cannot be used.
 */

import { classIndex, type Palette } from "../common/palette";
import type { SeenStation } from "../feed/board";

export type Shape = "dot" | "disc" | "ring" | "triangle" | "diamond";

export interface Marker {
  readonly shape: Shape;
  /** Class of intensity from 0; null: not felt. */
  readonly felt: number | null;
}

/** From this MMI on a station lights up. */
const FELT = 1.5;
const PICK_SHOWN_MS = 60_000;
const MOST_STAMPS = 200;
const USABLE = ["good", "noisy", "late", "gappy", "clipped", "clock", "gain", "changed"];

/** peak: show the largest motion of the last minutes instead of that now. */
export function markerOf(station: SeenStation, now: number, peak: boolean): Marker {
  const level = peak ? station.peak : station.level;
  const felt = level !== null && level >= FELT ? classIndex(level) : null;
  const { p } = station;
  if (p && (now - p.at < PICK_SHOWN_MS || p.event !== null))
    return { shape: p.event === null ? "diamond" : "triangle", felt };
  if (felt !== null) return { shape: "disc", felt };
  return { shape: USABLE.includes(station.condition) ? "dot" : "ring", felt };
}

/** The order in which they are drawn: the stronger over the weaker. */
export function depth({ shape, felt }: Marker): number {
  return felt !== null ? 10 + felt : shape === "dot" || shape === "ring" ? 0 : 5;
}

/** Radius in CSS pixels; smaller where thousands share the map. */
export function radius({ shape, felt }: Marker, crowd: number): number {
  const base = crowd > 800 ? 2.2 : crowd > 200 ? 3 : 4;
  if (felt !== null) return base * (1.25 + 0.16 * felt);
  return shape === "dot" || shape === "ring" ? base * 0.8 : base * 1.3;
}

/** Adds the outline of a marker to the path of the pen. */
export function trace(
  pen: CanvasRenderingContext2D,
  shape: Shape,
  x: number,
  y: number,
  r: number,
): void {
  if (shape === "triangle") {
    pen.moveTo(x, y - r * 1.25);
    pen.lineTo(x + r * 1.15, y + r * 0.8);
    pen.lineTo(x - r * 1.15, y + r * 0.8);
    pen.closePath();
  } else if (shape === "diamond") {
    pen.moveTo(x, y - r * 1.25);
    pen.lineTo(x + r * 1.25, y);
    pen.lineTo(x, y + r * 1.25);
    pen.lineTo(x - r * 1.25, y);
    pen.closePath();
  } else {
    pen.moveTo(x + r, y);
    pen.arc(x, y, r, 0, 2 * Math.PI);
  }
}

/** Fills and outlines a path of markers that look alike. */
export function paint(pen: CanvasRenderingContext2D, marker: Marker, palette: Palette): void {
  const { shape, felt } = marker;
  if (felt !== null) {
    pen.fillStyle = palette.classes[felt]!;
    pen.fill();
    pen.strokeStyle = palette.outline;
    pen.lineWidth = felt >= 6 ? 1.4 : 0.8;
    pen.stroke();
  } else if (shape === "dot") {
    pen.fillStyle = palette.idle;
    pen.fill();
  } else {
    pen.strokeStyle =
      shape === "ring" ? palette.away : shape === "triangle" ? palette.pick : palette.loose;
    pen.lineWidth = 1.4;
    pen.stroke();
  }
}

/**
 * A marker as a small picture, drawn once: thousands of copies are far quicker than a path of
 * thousands of parts, which is drawn over its whole extent where there is no GPU.
 */
export class Stamps {
  private readonly made = new Map<string, HTMLCanvasElement>();

  /** r: radius in CSS pixels. The picture's middle is the marker's. */
  of(marker: Marker, r: number, ratio: number, palette: Palette): HTMLCanvasElement {
    const key = [marker.shape, marker.felt, r, ratio, palette.sea].join();
    const known = this.made.get(key);
    if (known) return known;
    if (this.made.size > MOST_STAMPS) this.made.clear();
    const side = Math.ceil((r * 1.3 + 2) * 2 * ratio);
    const stamp = document.createElement("canvas");
    stamp.width = stamp.height = side;
    const pen = stamp.getContext("2d")!;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.beginPath();
    trace(pen, marker.shape, side / ratio / 2, side / ratio / 2, r);
    paint(pen, marker, palette);
    this.made.set(key, stamp);
    return stamp;
  }
}
