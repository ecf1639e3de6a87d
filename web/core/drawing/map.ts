/**
 * A small map: the ground, a few towns, the place, the epicentre, and the two wave fronts on their
 * way. The ground is drawn once off the screen; only the fronts move. Everything on it is also in the
 * table beside it.
 */

import { measure } from "../../languages/numerals";
import type { Scene } from "../alert/model";
import type { Point } from "../forecast/distance";
import { reachKm, type TravelTimes } from "../forecast/travel_time";
import { ground, type Region } from "../map/ground";
import { paintGround } from "../map/paint";
import { circle, type Projection, projection } from "../map/projection";
import { townsIn } from "../map/towns";
import { type Box, besideDot, frame, isNear, overlap } from "./map_frame";

const MOST_TOWNS = 9;
const RELIEF = 0.35;

export class QuakeMap {
  readonly canvas = document.createElement("canvas");
  private readonly base = document.createElement("canvas");
  private baseKey = "";
  private map: Projection = projection({ ...frame(NOTHING), width: 1, height: 1 });

  /** language: of the names of towns. */
  constructor(
    private readonly language: () => string,
    private readonly font: number,
  ) {
    this.canvas.setAttribute("role", "img");
    this.canvas.className = "map";
  }

  /** Draws the scene as it is at `now` (server ms). */
  draw(scene: Scene, table: TravelTimes | null, now: number, label: string): void {
    this.canvas.setAttribute("aria-label", label);
    const width = this.canvas.clientWidth;
    const height = this.canvas.clientHeight;
    if (width === 0 || height === 0) return;
    this.drawBase(scene, width, height);
    const pen = this.canvas.getContext("2d")!;
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    pen.drawImage(this.base, 0, 0);
    const ratio = this.canvas.width / width;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (scene.source && table) this.drawFronts(pen, scene.source, table, now);
    if (scene.source) this.drawEpicentre(pen, scene.source);
    if (scene.place) this.drawPlace(pen, scene.place, scene.source);
    pen.setTransform(1, 0, 0, 1, 0, 0);
  }

  /** The point of the Earth under a point of the canvas, in CSS pixels. */
  pointAt(x: number, y: number): Point | null {
    return this.map.invert(x, y);
  }

  private drawBase(scene: Scene, width: number, height: number): void {
    const colours = this.colours();
    const view = { ...frame(scene), width, height };
    const ratio = Math.min(2, devicePixelRatio || 1);
    const key = JSON.stringify([view, ratio, colours, ground.version, this.language()]);
    if (key === this.baseKey) return;
    this.baseKey = key;
    for (const canvas of [this.canvas, this.base]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    this.map = projection(view);
    this.paintBase(scene, colours, ratio);
  }

  private paintBase(scene: Scene, colours: Colours, ratio: number): void {
    const pen = this.base.getContext("2d")!;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const regions = ground.regions(this.map);
    const { lake = colours.sea, border = colours.coast } = colours;
    paintGround(pen, this.map, regions, { ...colours, lake, border, relief: RELIEF }, ratio);
    if (scene.place && !scene.source) this.paintRings(pen, colours, scene.place);
    this.paintTowns(pen, colours, regions, scene);
    this.paintScale(pen, colours);
  }

  /** Circles around the place, so that distances can be read without an earthquake too. */
  private paintRings(pen: CanvasRenderingContext2D, colours: Colours, place: Point): void {
    pen.strokeStyle = colours.coast;
    pen.lineWidth = 1;
    pen.globalAlpha = 0.55;
    for (const share of [1 / 3, 2 / 3, 1]) this.ring(pen, place, this.map.view.radiusKm * share);
    pen.globalAlpha = 1;
  }

  private ring(pen: CanvasRenderingContext2D, centre: Point, km: number): void {
    pen.beginPath();
    for (const { lon, lat } of circle(centre, km)) pen.lineTo(...this.map.at(lon, lat));
    pen.stroke();
  }

  private paintTowns(
    pen: CanvasRenderingContext2D,
    colours: Colours,
    regions: readonly Region[],
    { place, source }: Scene,
  ): void {
    const used: Box[] = place ? [this.placeName(pen, place, source)] : [];
    const most = used.length + MOST_TOWNS;
    pen.font = `${this.font}px ${getComputedStyle(this.canvas).fontFamily}`;
    for (const town of townsIn(this.map, regions, this.language())) {
      if (used.length >= most) return;
      if (isNear(town, place)) continue;
      const [x, y] = this.map.at(town.lon, town.lat);
      const wide = pen.measureText(town.name).width + this.font;
      const box = { x, y, width: wide, height: this.font * 1.6 };
      if (used.some((other) => overlap(box, other)) || !this.fits(box)) continue;
      used.push(box);
      this.paintTown(pen, colours, town.name, box);
    }
  }

  private paintTown(
    pen: CanvasRenderingContext2D,
    colours: Colours,
    name: string,
    { x, y }: Box,
  ): void {
    pen.beginPath();
    pen.arc(x, y, this.font / 6, 0, 2 * Math.PI);
    pen.fillStyle = colours.text;
    pen.fill();
    pen.lineJoin = "round";
    pen.lineWidth = this.font / 4;
    pen.strokeStyle = colours.land;
    pen.strokeText(name, x + this.font * 0.45, y + this.font * 0.35);
    pen.fillText(name, x + this.font * 0.45, y + this.font * 0.35);
  }

  private fits({ x, y, width }: Box): boolean {
    const { clientWidth, clientHeight } = this.canvas;
    return (
      x > 4 && x + width < clientWidth - 4 && y > this.font && y < clientHeight - this.font * 3
    );
  }

  private paintScale(pen: CanvasRenderingContext2D, colours: Colours): void {
    const kmPerPixel = this.map.kmPerUnit;
    const { height } = this.map.view;
    const wanted = kmPerPixel * this.font * 7;
    const km = [10, 20, 50, 100, 200, 500, 1000].reduce(
      (best, one) => (one <= wanted ? one : best),
      10,
    );
    const length = km / kmPerPixel;
    const y = height - this.font * 0.8;
    pen.strokeStyle = colours.text;
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.moveTo(this.font, y - 5);
    pen.lineTo(this.font, y);
    pen.lineTo(this.font + length, y);
    pen.lineTo(this.font + length, y - 5);
    pen.stroke();
    const label = measure(km, "kilometer", this.language());
    pen.fillText(label, this.font * 1.5 + length, y);
  }

  private drawFronts(
    pen: CanvasRenderingContext2D,
    source: NonNullable<Scene["source"]>,
    table: TravelTimes,
    now: number,
  ): void {
    const elapsed = (now - source.t0) / 1000;
    const { p, s } = this.colours();
    this.front(pen, source, reachKm(table, "p", elapsed, source.depthKm), p, [6, 5]);
    this.front(pen, source, reachKm(table, "s", elapsed, source.depthKm), s, []);
  }

  private front(
    pen: CanvasRenderingContext2D,
    centre: Point,
    km: number,
    colour: string,
    dashes: number[],
  ): void {
    if (km <= 0 || km >= 1000) return;
    pen.setLineDash(dashes);
    pen.strokeStyle = colour;
    pen.lineWidth = dashes.length > 0 ? this.font / 7 : this.font / 3.5;
    this.ring(pen, centre, km);
    pen.setLineDash([]);
  }

  private drawEpicentre(pen: CanvasRenderingContext2D, source: Point): void {
    const at = this.map.at(source.lon, source.lat);
    const arm = this.font * 0.55;
    const { s, ring } = this.colours();
    for (const [colour, width] of [
      [ring, this.font / 2.2],
      [s, this.font / 4.5],
    ] as const) {
      pen.beginPath();
      pen.moveTo(at[0] - arm, at[1] - arm);
      pen.lineTo(at[0] + arm, at[1] + arm);
      pen.moveTo(at[0] + arm, at[1] - arm);
      pen.lineTo(at[0] - arm, at[1] + arm);
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.lineCap = "round";
      pen.stroke();
    }
  }

  /** Where the name of the place is written. Sets its font. */
  private placeName(pen: CanvasRenderingContext2D, place: Named, source: Point | null): Box {
    const [x, y] = this.map.at(place.lon, place.lat);
    pen.font = `700 ${this.font * 1.1}px ${getComputedStyle(this.canvas).fontFamily}`;
    const { width } = pen.measureText(place.name);
    const left = Math.max(4, Math.min(this.canvas.clientWidth - width - 4, x - width / 2));
    const dot = { x: left, y, width, height: this.font * 1.6 };
    const box = besideDot(dot, this.font, source && this.map.at(source.lon, source.lat));
    return { ...box, y: Math.min(box.y, this.canvas.clientHeight - this.font * 0.8) };
  }

  private drawPlace(pen: CanvasRenderingContext2D, place: Named, source: Point | null): void {
    const at = this.map.at(place.lon, place.lat);
    const { place: dot, ring, text } = this.colours();
    pen.beginPath();
    pen.arc(at[0], at[1], this.font * 0.5, 0, 2 * Math.PI);
    pen.fillStyle = dot;
    pen.fill();
    pen.lineWidth = this.font / 5;
    pen.strokeStyle = ring;
    pen.stroke();
    const { x, y } = this.placeName(pen, place, source);
    pen.lineWidth = this.font / 3;
    pen.lineJoin = "round";
    pen.strokeText(place.name, x, y + this.font * 0.4);
    pen.fillStyle = text;
    pen.fillText(place.name, x, y + this.font * 0.4);
  }

  private colours(): Colours {
    const style = getComputedStyle(this.canvas);
    const colour = (name: string) => style.getPropertyValue(`--map-${name}`).trim();
    const optional = (name: string) => colour(name) || undefined;
    return {
      ...{ sea: colour("sea"), land: colour("land"), coast: colour("coast"), text: colour("text") },
      ...{ p: colour("p"), s: colour("s"), place: colour("place"), ring: colour("ring") },
      ...{ lake: optional("lake"), border: optional("border") },
    };
  }
}

const NOTHING: Scene = { place: null, source: null, radiusKm: null };

type Named = Point & { readonly name: string };

type Colours = Record<"sea" | "land" | "coast" | "text" | "p" | "s" | "place" | "ring", string> & {
  lake?: string | undefined;
  border?: string | undefined;
};
