/**
 * What the person reports to the service: what they felt, and that they took part in a drill. A cell
 * of about 40 by 20 km, an intensity and a minute; or a drill and a number. No name, no id, no place.
 */

import type { Entry } from "../alert/model";
import { cellOf } from "../background/push_service";
import type { Point } from "../forecast/distance";
import { askJson, postJson } from "../stream/http";

const MINUTE_MS = 60_000;

/** The sums of a cell, as /api/felt has them. */
export interface FeltCell {
  cell: string;
  reports: number;
  mmi: number;
  centre: Point;
}

/** false: not taken, or no connection. The minute is that of the shaking, not of the report. */
export function sendFelt(entry: Entry, place: Point, mmi: number): Promise<boolean> {
  const minute = Math.floor((entry.sArrival ?? entry.received) / MINUTE_MS);
  return postJson("felt", { cell: cellOf(place), mmi, minute });
}

/** drill: id of the drill's messages; "own": one that this page began. */
export function sendDrill(drill: string, people: number): Promise<boolean> {
  return postJson("drills", { drill, people });
}

interface Feature {
  properties: { cell: string; reports: number; mmi: number };
  geometry: { coordinates: [[number, number][]] };
}

/** All cells, for everybody the same: which one is asked for stays here. null: no answer. */
export async function feltCells(hours: number): Promise<FeltCell[] | null> {
  const answer = await askJson<{ features: Feature[] }>(`api/felt?hours=${hours}`);
  return answer?.features.map(cellOfFeature) ?? null;
}

function cellOfFeature({ properties, geometry }: Feature): FeltCell {
  const [[west, south], , [east, north]] = geometry.coordinates[0] as [number, number][] & {
    0: [number, number];
    2: [number, number];
  };
  const { cell, reports, mmi } = properties;
  return { cell, reports, mmi, centre: { lat: (south + north) / 2, lon: (west + east) / 2 } };
}
