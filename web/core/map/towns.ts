/** The towns that a map may name, and their names in the script that its reader reads. */

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

export interface NamedTown {
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
  readonly people: number;
}

export function nameIn(language: string, [name, , , , , names = {}]: Label): string {
  const script = SCRIPTS[language]?.find((each) => names[each] !== undefined);
  return script ? (names[script] as string) : name;
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
