/** The towns that a map may name, and their names in the script that its reader reads. */

import { DEGREE_KM, distanceKm, type Point } from "../forecast/distance";
import type { Region } from "./ground";
import type { Projection } from "./projection";
import type { Label, Script } from "./region";

/** Scripts, the best known first, by language; ISO 15924. Jpan: kana, or as written in Japan. */
const SCRIPTS: Readonly<Record<string, readonly Script[]>> = {
  "zh-CN": ["Hans", "Hant"],
  "zh-TW": ["Hant", "Hans"],
  ja: ["Jpan", "Hant", "Hans"],
  ar: ["Arab"],
  fa: ["Arab"],
  hi: ["Deva"],
  ne: ["Deva"],
  el: ["Grek"],
};

/** From a town that is farther than this nobody measures. */
const FARTHEST_KM = 200;

export interface NamedTown {
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
  readonly people: number;
}

export function nameIn(language: string, [name, , , , , names = {}]: Label): string {
  const script = SCRIPTS[language]?.find((each) => names[each] !== undefined);
  return script ? (names[script] as string) : name.replace(/,.*/, ""); // "Mianzhu, Deyang, Sichuan"
}

/** The towns on the map, the largest first. */
export function townsIn(
  map: Projection,
  regions: readonly Region[],
  language: string,
): readonly NamedTown[] {
  const { width, height } = map.view;
  const found: NamedTown[] = [];
  for (const { towns } of regions) {
    for (const town of towns) {
      const [, lat, lon, people] = town;
      const [x, y] = map.at(lon, lat);
      if (x < 0 || y < 0 || x > width || y > height) continue;
      found.push({ name: nameIn(language, town), lat, lon, people });
    }
  }
  return found.sort((a, b) => b.people - a.people);
}

/** The town that is nearest to a point, and how far that is; null: none within 200 km. */
export function nearestTown(
  point: Point,
  towns: readonly Label[],
  language: string,
): { readonly name: string; readonly km: number } | null {
  let best: Label | null = null;
  let nearest = FARTHEST_KM;
  for (const town of towns) {
    if (Math.abs(town[1] - point.lat) * DEGREE_KM > nearest) continue;
    const km = distanceKm(point, { lat: town[1], lon: town[2] });
    if (km >= nearest) continue;
    nearest = km;
    best = town;
  }
  return best && { name: nameIn(language, best), km: nearest };
}
