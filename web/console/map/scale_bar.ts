/** The scale of the map, at its lower left. */

import type { Size } from "../common/canvas";
import type { Palette } from "../common/palette";
import type { View } from "./map_view";

const STEPS_KM = [5, 10, 20, 50, 100, 200, 500, 1000, 2000];
const LONGEST_PX = 110;

/** label: of a length, as "100 km". */
export function drawScaleBar(
  pen: CanvasRenderingContext2D,
  { radiusKm }: View,
  { width, height }: Size,
  palette: Palette,
  label: (km: number) => string,
): void {
  const kmPerPixel = (2 * radiusKm) / Math.min(width, height);
  const km = STEPS_KM.reduce((best, one) => (one / kmPerPixel <= LONGEST_PX ? one : best), 5);
  const [x, y] = [14, height - 14];
  pen.strokeStyle = pen.fillStyle = palette.label;
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.moveTo(x, y - 5);
  pen.lineTo(x, y);
  pen.lineTo(x + km / kmPerPixel, y);
  pen.lineTo(x + km / kmPerPixel, y - 5);
  pen.stroke();
  pen.font = "14px system-ui, sans-serif";
  pen.fillText(label(km), x + km / kmPerPixel + 8, y);
}
