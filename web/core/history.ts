/** What this device was told, when, and how it ended. Kept on the device only. */

import { isOneStation } from "./one_station";
import type { Quake } from "./quake";

/** Times are server ms. `outcome`: the phase it is in or ended with, or why it was refused. */
export interface Entry {
  key: string;
  outcome: string;
  received: number;
  id?: string;
  mode?: string;
  issued?: number;
  n?: number;
  t0?: number | null;
  lat?: number | null;
  lon?: number | null;
  m?: number | null;
  depthKm?: number;
  sArrival?: number;
  distanceKm?: number;
  mmi?: number;
  told?: number;
  /** One station alone has said so: place, strength and arrival are not known well enough to show. */
  single?: boolean;
  /** The same, said by phones. */
  by?: "phones";
}

const KEPT = 50;

/** Newest first. The first time a quake was heard of is kept; the rest is brought up to date. */
export function record(history: readonly Entry[], item: Entry | Quake): readonly Entry[] {
  const known = history.find((entry) => entry.key === item.key);
  const entry = "message" in item ? ofQuake(item, known) : item;
  if (known && isSame(known, entry)) return history;
  if (known) return history.map((other) => (other === known ? entry : other));
  return [entry, ...history].slice(0, KEPT);
}

function ofQuake(quake: Quake, known: Entry | undefined): Entry {
  const { message, forecast } = quake;
  const { id, mode, n, t0, lat, lon, m, dep: depthKm } = message;
  const single = isOneStation(message);
  const told = Math.max(quake.told, quake.phase === null ? 0 : quake.level);
  return {
    ...{ key: quake.key, id, mode, n, t0, lat, lon, m, depthKm, told },
    outcome: quake.phase ?? (known && told > 0 ? known.outcome : "weak"),
    received: known?.received ?? quake.since,
    issued: known?.issued ?? message.iss,
    ...(forecast && { sArrival: forecast.sArrival, distanceKm: forecast.distanceKm }),
    // JSON has no nan: where there is no valid forecast of it, it is left out.
    ...(forecast && !single && !Number.isNaN(forecast.mmi) && { mmi: forecast.mmi }),
    ...(single && { single }),
    ...(single && message.by && { by: message.by }),
  };
}

function isSame(a: Entry, b: Entry): boolean {
  const names = Object.keys(b) as (keyof Entry)[];
  return names.length === Object.keys(a).length && names.every((name) => a[name] === b[name]);
}
