/**
 * Loads the ground of maps from the page's own server: single regions where a map shows little, one
 * file of the whole world where it shows much. The server learns which regions of 10 degrees are
 * shown, and nothing finer (docs/decisions/0054).
 */

import { ask, json, until } from "../stream/http";
import type { Projection } from "./projection";
import {
  COARSE,
  type Corner,
  cornersIn,
  FINE,
  type Label,
  type Layers,
  nameOf,
  SIZE,
} from "./region";

declare const __MAP__: string;
/** A digit a region, from the South Pole and the date line on: 0 nothing, 1 lines, 2 and a relief. */
declare const __REGIONS__: string;

/** From this radius on the whole world is loaded, with fewer points. */
const WORLD_KM = 1500;
const PATIENCE_MS = 60_000;

export interface Region extends Corner {
  readonly name: string;
  readonly layers: Layers;
  /** Points are in these parts of a degree. */
  readonly parts: number;
  readonly relief: HTMLImageElement | null;
  readonly towns: readonly Label[];
}

/** What one file holds; null where there is none of this name. */
type Content = Readonly<Record<string, unknown>> | readonly unknown[];

export class Ground {
  private readonly files = new Map<string, Content | null>();
  private readonly reliefs = new Map<string, HTMLImageElement>();
  private readonly listeners = new Set<() => void>();
  private names: Promise<readonly Label[]> | null = null;
  /** Another number whenever more has arrived. */
  version = 0;

  /** Be called whenever more has arrived. */
  listen(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** What is known of the regions of a map. What is not is asked for. */
  regions(map: Projection): Region[] {
    const far = map.view.radiusKm > WORLD_KM;
    const known = cornersIn(map).map((corner) => (far ? this.coarse(corner) : this.fine(corner)));
    return known.filter((region): region is Region => region !== null);
  }

  /** The towns of all regions that a map has shown. */
  known(): Label[] {
    const towns: Label[] = [];
    this.files.forEach((content, name) => {
      if (content && /^[ns]\d+[we]\d+\.towns\.json$/.test(name))
        towns.push(...(content as readonly Label[]));
    });
    return towns;
  }

  /** All larger towns of the world that have names in other scripts. */
  named(): Promise<readonly Label[]> {
    this.names ??= until(() => ask(`${__MAP__}/names.json`, {}, json<Label[]>, PATIENCE_MS));
    return this.names;
  }

  private fine(corner: Corner): Region | null {
    const name = nameOf(corner);
    if (kind(corner) === 0) return null;
    const layers = this.file<Layers>(`${name}.json`);
    const towns = this.file<readonly Label[]>(`${name}.towns.json`) ?? [];
    const relief = this.relief(name, corner);
    return layers && { ...corner, name, layers, parts: FINE, relief, towns };
  }

  private coarse(corner: Corner): Region | null {
    const name = nameOf(corner);
    const layers = this.file<Readonly<Record<string, Layers>>>("world.json")?.[name];
    const towns = this.file<Readonly<Record<string, Label[]>>>("world.towns.json")?.[name] ?? [];
    return layers ? { ...corner, name, layers, parts: COARSE, relief: null, towns } : null;
  }

  /** A file if it is here; else it is asked for. */
  private file<T extends Content>(name: string): T | null {
    const known = this.files.get(name);
    if (known !== undefined) return known as T | null;
    this.files.set(name, null);
    // The name of the folder has the digest of all files in it: what is there once stays as it is.
    void until(() => ask(`${__MAP__}/${name}`, {}, json<T>, PATIENCE_MS)).then((content) => {
      this.files.set(name, content);
      this.arrived();
    });
    return null;
  }

  private relief(name: string, corner: Corner): HTMLImageElement | null {
    if (kind(corner) < 2) return null;
    const known = this.reliefs.get(name);
    if (known) return known.complete && known.naturalWidth > 0 ? known : null;
    const picture = new Image();
    picture.onload = () => this.arrived();
    picture.src = `${__MAP__}/${name}.jpg`;
    this.reliefs.set(name, picture);
    return null;
  }

  private arrived(): void {
    this.version += 1;
    this.listeners.forEach((listener) => void listener());
  }
}

/** One for all maps of a page. */
export const ground = new Ground();

function kind({ lon, lat }: Corner): number {
  const index = ((lat + 90) / SIZE) * (360 / SIZE) + (lon + 180) / SIZE;
  return Number(__REGIONS__.charAt(index));
}
