/**
 * The map: stations, picks, wave fronts, the solution with its uncertainty and its trail. Ground
 * and stations are drawn when they change (five times a second at most); in between only fronts and
 * source are drawn on a copy, so that thousands of stations cost nothing in most frames.
 */

import type { TravelTimes } from "../../core/forecast/travel_time";
import { ground } from "../../core/map/ground";
import { type Projection, projection } from "../../core/map/projection";
import { fitCanvas, opaque, type Size, sizeOf } from "../common/canvas";
import type { Palette } from "../common/palette";
import type { Board, SeenStation } from "../feed/board";
import { drawEvent } from "./event_layer";
import { drawGround, type Place } from "./ground";
import type { View } from "./map_view";
import { drawScaleBar } from "./scale_bar";
import { StationLayer } from "./station_layer";

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
  /** Of the names of towns. */
  readonly language: string;
}

const NOWHERE: View = { centre: { lat: 0, lon: 0 }, radiusKm: 100 };

export class LiveMap {
  readonly canvas = document.createElement("canvas");
  private readonly base = document.createElement("canvas");
  private readonly lit = document.createElement("canvas");
  private readonly stations = new StationLayer();
  private map: Projection = projection({ ...NOWHERE, width: 1, height: 1 });
  private readonly place: Place = ({ lat, lon }) => this.map.at(lon, lat);
  private groundKey = "";
  private litKey = "";

  /** Draws everything as it is at `now`. */
  draw(shown: Shown): void {
    const size = sizeOf(this.canvas);
    if (size.width === 0 || size.height === 0) return;
    this.drawGround(shown, size);
    this.drawStations(shown, size);
    const { board, table, now, palette, chosen } = shown;
    const pen = this.copy(this.lit, this.canvas, size);
    for (const event of board.events) drawEvent(pen, this.place, event, table, now, palette);
    const station = chosen === null ? undefined : board.stations[chosen];
    if (station) this.stations.drawChosen(pen, station, palette);
  }

  /** The station at a point of the canvas, in CSS pixels, if there is one near it. */
  stationAt(board: Board, x: number, y: number): SeenStation | null {
    return this.stations.stationAt(board, x, y);
  }

  private drawGround(shown: Shown, size: Size): void {
    const { view, palette, board } = shown;
    const parts = [view, size, palette.sea, ground.version, board.network];
    const key = JSON.stringify(parts);
    if (key === this.groundKey) return;
    this.groundKey = key;
    for (const canvas of [this.canvas, this.base, this.lit]) fitCanvas(canvas, size);
    this.map = projection({ ...view, width: size.width, height: size.height });
    const pen = opaque(this.base);
    pen.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
    drawGround(pen, this.map, palette, size.ratio, shown.language);
    drawScaleBar(pen, view, size, palette, shown.scale);
    this.stations.placeAll(board, this.place);
    this.litKey = "";
  }

  private drawStations({ board, palette, peak, now }: Shown, size: Size): void {
    // A pick ages without a change of the board: once a second is often enough.
    const key = [board.revision, peak, Math.floor(now / 1000)].join();
    if (key === this.litKey) return;
    this.litKey = key;
    const pen = this.copy(this.base, this.lit, size);
    this.stations.draw(pen, board, now, peak, size, palette);
  }

  /** The pen for what is drawn on a copy. */
  private copy(
    from: HTMLCanvasElement,
    to: HTMLCanvasElement,
    { ratio }: Size,
  ): CanvasRenderingContext2D {
    const pen = opaque(to);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.drawImage(from, 0, 0);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    return pen;
  }
}
