/**
 * A small map that needs no network: coast lines, a few towns, the place, the epicentre, and the
 * two wave fronts on their way. The base is drawn once off the screen; only the fronts move.
 * Everything on it is also in the table beside it. Borders are left out on purpose.
 */

import { type GeoProjection, geoAzimuthalEquidistant, geoPath } from "d3-geo";
import type { MultiPolygon } from "geojson";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import type { Scene } from "../alert/model";
import type { Town } from "../device/place";
import { EARTH_RADIUS_KM, type Point } from "../forecast/distance";
import { reachKm, type TravelTimes } from "../forecast/travel_time";
import { type Box, circle, type Frame, frame, isNear, isWithin, overlap } from "./map_frame";

type Land = GeoJSON.FeatureCollection | GeoJSON.Feature<MultiPolygon>;

const MOST_TOWNS = 7;

let land: Promise<Land> | null = null;

function loadLand(): Promise<Land> {
  land ??= fetch("land.json")
    .then((answer) => answer.json() as Promise<Topology<{ land: GeometryCollection }>>)
    .then((topology) => feature(topology, topology.objects.land) as unknown as Land);
  return land;
}

export class QuakeMap {
  readonly canvas = document.createElement("canvas");
  private readonly base = document.createElement("canvas");
  private baseKey = "";
  private ground: Land | null = null;
  private known: Town[] = [];
  private projection: GeoProjection = geoAzimuthalEquidistant();

  constructor(
    private readonly towns: () => Promise<Town[]>,
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
    if (table) this.prepare(); // land and towns are large: what an alert needs is loaded first
    this.drawBase(scene, width, height);
    const pen = this.canvas.getContext("2d")!;
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    pen.drawImage(this.base, 0, 0);
    const ratio = this.canvas.width / width;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (scene.source && table) this.drawFronts(pen, scene.source, table, now);
    if (scene.source) this.drawEpicentre(pen, scene.source);
    if (scene.place) this.drawPlace(pen, scene.place);
    pen.setTransform(1, 0, 0, 1, 0, 0);
  }

  /** The point of the Earth under a point of the canvas, in CSS pixels. */
  pointAt(x: number, y: number): Point | null {
    const found = this.projection.invert?.([x, y]);
    return found ? { lat: found[1], lon: found[0] } : null;
  }

  private prepare(): void {
    if (this.ground) return;
    void loadLand().then((ground) => {
      this.ground = ground;
      this.baseKey = "";
    });
    void this.towns().then((towns) => {
      this.known = towns;
      this.baseKey = "";
    });
  }

  private drawBase(scene: Scene, width: number, height: number): void {
    const colours = this.colours();
    const { centre, radiusKm } = frame(scene);
    const ratio = Math.min(2, devicePixelRatio || 1);
    const key = JSON.stringify([centre, radiusKm, width, height, ratio, colours, !!this.ground]);
    if (key === this.baseKey) return;
    this.baseKey = key;
    for (const canvas of [this.canvas, this.base]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const scale = (Math.min(width, height) / 2) * (EARTH_RADIUS_KM / radiusKm);
    this.projection = geoAzimuthalEquidistant()
      .rotate([-centre.lon, -centre.lat])
      .translate([width / 2, height / 2])
      .scale(scale)
      .clipExtent([
        [-20, -20],
        [width + 20, height + 20],
      ]);
    this.paintBase(scene, colours, ratio, { width, height, centre, radiusKm });
  }

  private paintBase(scene: Scene, colours: Colours, ratio: number, seen: Sheet): void {
    const { width, height } = seen;
    const pen = this.base.getContext("2d")!;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = colours.sea;
    pen.fillRect(0, 0, width, height);
    if (!this.ground) return;
    pen.beginPath();
    geoPath(this.projection, pen)(this.ground);
    pen.fillStyle = colours.land;
    pen.fill();
    pen.strokeStyle = colours.coast;
    pen.stroke();
    if (scene.place && !scene.source) this.paintRings(pen, colours, scene.place, seen.radiusKm);
    this.paintTowns(pen, colours, seen, scene.place);
    this.paintScale(pen, colours, height, seen.radiusKm * (2 / Math.min(width, height)));
  }

  /** Circles around the place, so that distances can be read without an earthquake too. */
  private paintRings(
    pen: CanvasRenderingContext2D,
    colours: Colours,
    place: Point,
    radiusKm: number,
  ): void {
    pen.strokeStyle = colours.coast;
    pen.lineWidth = 1;
    pen.globalAlpha = 0.55;
    for (const share of [1 / 3, 2 / 3, 1]) {
      pen.beginPath();
      geoPath(this.projection, pen)(circle(place, radiusKm * share));
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }

  private paintTowns(
    pen: CanvasRenderingContext2D,
    colours: Colours,
    seen: Frame,
    place: Point | null,
  ): void {
    const used: Box[] = [];
    pen.font = `${this.font}px system-ui, sans-serif`;
    pen.fillStyle = colours.text;
    const near = this.known.filter((town) => isWithin(town, seen) && !isNear(town, place));
    for (const [name, lat, lon] of near.slice(0, 60)) {
      const at = this.projection([lon, lat]);
      if (!at || used.length >= MOST_TOWNS) continue;
      const box = {
        x: at[0],
        y: at[1],
        width: pen.measureText(name).width + this.font,
        height: this.font * 1.6,
      };
      if (used.some((other) => overlap(box, other)) || !this.fits(box)) continue;
      used.push(box);
      pen.beginPath();
      pen.arc(at[0], at[1], this.font / 6, 0, 2 * Math.PI);
      pen.fill();
      pen.fillText(name, at[0] + this.font * 0.45, at[1] + this.font * 0.35);
    }
  }

  private fits({ x, y, width }: Box): boolean {
    const { clientWidth, clientHeight } = this.canvas;
    return (
      x > 4 && x + width < clientWidth - 4 && y > this.font && y < clientHeight - this.font * 3
    );
  }

  private paintScale(
    pen: CanvasRenderingContext2D,
    colours: Colours,
    height: number,
    kmPerPixel: number,
  ): void {
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
    pen.fillText(`${km} km`, this.font * 1.5 + length, y);
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
    pen.beginPath();
    geoPath(this.projection, pen)(circle(centre, km));
    pen.setLineDash(dashes);
    pen.strokeStyle = colour;
    pen.lineWidth = dashes.length > 0 ? this.font / 7 : this.font / 3.5;
    pen.stroke();
    pen.setLineDash([]);
  }

  private drawEpicentre(pen: CanvasRenderingContext2D, source: Point): void {
    const at = this.projection([source.lon, source.lat]);
    if (!at) return;
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

  private drawPlace(pen: CanvasRenderingContext2D, place: Point & { name: string }): void {
    const at = this.projection([place.lon, place.lat]);
    if (!at) return;
    const { place: dot, ring, text } = this.colours();
    pen.beginPath();
    pen.arc(at[0], at[1], this.font * 0.5, 0, 2 * Math.PI);
    pen.fillStyle = dot;
    pen.fill();
    pen.lineWidth = this.font / 5;
    pen.strokeStyle = ring;
    pen.stroke();
    pen.font = `700 ${this.font * 1.1}px system-ui, sans-serif`;
    const width = pen.measureText(place.name).width;
    const x = Math.max(4, Math.min(this.canvas.clientWidth - width - 4, at[0] - width / 2));
    pen.lineWidth = this.font / 3;
    pen.lineJoin = "round";
    pen.strokeText(place.name, x, at[1] - this.font * 0.95);
    pen.fillStyle = text;
    pen.fillText(place.name, x, at[1] - this.font * 0.95);
  }

  private colours(): Colours {
    const style = getComputedStyle(this.canvas);
    const colour = (name: string) => style.getPropertyValue(`--map-${name}`).trim();
    return {
      ...{ sea: colour("sea"), land: colour("land"), coast: colour("coast"), text: colour("text") },
      ...{ p: colour("p"), s: colour("s"), place: colour("place"), ring: colour("ring") },
    };
  }
}

type Colours = Record<"sea" | "land" | "coast" | "text" | "p" | "s" | "place" | "ring", string>;
type Sheet = Frame & { width: number; height: number };
