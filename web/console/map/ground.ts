/** The ground with its towns, drawn once for each view; everything else is drawn on a copy of it. */

import type { Point } from "../../core/forecast/distance";
import { ground } from "../../core/map/ground";
import { paintGround } from "../../core/map/paint";
import type { Projection } from "../../core/map/projection";
import { townsIn } from "../../core/map/towns";
import type { Palette } from "../common/palette";

/** Where a point of the Earth lies on the canvas. */
export type Place = (point: Point) => readonly [number, number];

const MOST_TOWNS = 30;
const FONT_PX = 13;
const LINE_PX = 19;
const RELIEF = 0.3;
/** What the scale takes at the lower left. */
const SCALE_PX = 200;
/** Of the name from its dot. */
const BESIDE_PX = 6;

/** ratio: device pixels to one of the map. language: of the names of towns. */
export function drawGround(
  pen: CanvasRenderingContext2D,
  map: Projection,
  palette: Palette,
  ratio: number,
  language: string,
): void {
  const { sea, land, lake, coast, border } = palette;
  const colours = { sea, land, lake, coast, border, relief: RELIEF };
  paintGround(pen, map, ground.regions(map), colours, ratio);
  drawTowns(pen, map, palette, language);
}

/** The largest first, as many as have room. */
function drawTowns(
  pen: CanvasRenderingContext2D,
  map: Projection,
  palette: Palette,
  language: string,
): void {
  const used: (readonly [x: number, y: number, width: number])[] = [
    [0, map.view.height - FONT_PX, SCALE_PX],
  ];
  pen.font = `${FONT_PX}px system-ui, sans-serif`;
  pen.lineJoin = "round";
  for (const { name, lat, lon } of townsIn(map, ground.regions(map), language)) {
    if (used.length > MOST_TOWNS) return;
    const [x, y] = map.at(lon, lat);
    const width = pen.measureText(name).width + BESIDE_PX * 2;
    const isFree = used.every(
      ([x0, y0, wide]) => Math.abs(y - y0) > LINE_PX || x > x0 + wide || x + width < x0,
    );
    if (!isFree || x + width > map.view.width) continue;
    used.push([x, y, width]);
    pen.fillStyle = palette.town;
    pen.fillRect(x - 1.5, y - 1.5, 3, 3);
    pen.strokeStyle = palette.land;
    pen.lineWidth = 3;
    pen.strokeText(name, x + BESIDE_PX, y + FONT_PX * 0.35);
    pen.fillText(name, x + BESIDE_PX, y + FONT_PX * 0.35);
  }
}
