/** Text on the map, with a halo that sets it off from what is below. */

import type { Palette } from "../common/palette";

export function drawLabel(
  pen: CanvasRenderingContext2D,
  text: string,
  [x, y]: readonly [number, number],
  px: number,
  palette: Palette,
): void {
  pen.font = `700 ${px}px system-ui, sans-serif`;
  pen.lineJoin = "round";
  pen.lineWidth = 4;
  pen.strokeStyle = palette.halo;
  pen.strokeText(text, x, y);
  pen.fillStyle = palette.label;
  pen.fillText(text, x, y);
}
