/** What this device received, when, and the outcome. Kept on the device only. */

import type { Entry, Quake } from "./model";
import { isOneStation } from "./one_station";

const KEPT = 50;

const NUMBERS = [
  ...(["received", "issued", "n", "t0", "lat", "lon", "m", "depthKm", "sArrival"] as const),
  ...(["distanceKm", "mmi", "told", "actedAt", "firstMmi", "felt", "end"] as const),
];
const TEXTS = ["key", "outcome", "id", "mode", "at", "by"] as const;

/** What an earlier visit has kept. What is no entry is left out: no alert may fail by it. */
export function readHistory(stored: unknown): readonly Entry[] {
  return Array.isArray(stored) ? stored.filter(isEntry).slice(0, KEPT) : [];
}

function isEntry(stored: unknown): stored is Entry {
  if (typeof stored !== "object" || stored === null) return false;
  const entry = stored as Readonly<Record<string, unknown>>;
  const fits = (name: string, type: string) => entry[name] == null || typeof entry[name] === type;
  const complete = ["key", "outcome", "received"].every((name) => entry[name] != null);
  const numbers = NUMBERS.every((name) => fits(name, "number"));
  return complete && numbers && TEXTS.every((name) => fits(name, "string"));
}

/**
 * Newest first. The time at which a quake was first received is kept; the rest is brought up to
 * date. The cancel of an earthquake that was never received is left out.
 */
export function record(history: readonly Entry[], item: Entry | Quake): readonly Entry[] {
  const known = history.find((entry) => entry.key === item.key && !entry.past);
  if ("message" in item && !known && item.takenBack) return history;
  const entry = "message" in item ? ofQuake(item, known) : item;
  if (known && isSame(known, entry)) return history;
  if (known) return history.map((other) => (other === known ? entry : other));
  return [entry, ...history].slice(0, KEPT);
}

/** Drills that were shown before the server's clock stepped back may be shown again. */
export function closeDrills(history: readonly Entry[]): readonly Entry[] {
  const drill = (entry: Entry) => entry.mode === "drill" && !entry.past;
  if (!history.some(drill)) return history;
  return history.map((entry) => (drill(entry) ? { ...entry, past: true } : entry));
}

function ofQuake(quake: Quake, known: Entry | undefined): Entry {
  const { message, forecast, actedAt } = quake;
  const { id, mode, n, t0, lat, lon, m, dep: depthKm } = message;
  const single = isOneStation(message);
  const shown = quake.phase === null ? 0 : quake.level;
  const shownLevel = Math.max(quake.shownLevel, known?.told ?? 0, shown);
  return {
    ...{ key: quake.key, id, mode, n, t0, lat, lon, m, depthKm, told: shownLevel },
    outcome: outcomeOf(quake, known, shownLevel),
    received: known?.received ?? quake.since,
    issued: known?.issued ?? message.iss,
    ...((known ? known.joined : n > 1) && { joined: true as const }),
    ...(actedAt !== undefined && { actedAt }),
    ...(quake.at !== undefined && { at: quake.at }),
    ...(known?.felt !== undefined && { felt: known.felt }),
    ...firstOf(quake, known),
    ...(forecast && { sArrival: forecast.sArrival, distanceKm: forecast.distanceKm }),
    ...(forecast && { end: forecast.end }),
    // JSON has no nan: where there is no valid forecast of it, it is left out.
    ...(forecast && !single && !Number.isNaN(forecast.mmi) && { mmi: forecast.mmi }),
    ...(single && { single }),
    ...(single && message.by && { by: message.by }),
  };
}

/** The first intensity that was forecast here. */
function firstOf({ forecast, message }: Quake, known: Entry | undefined): Partial<Entry> {
  const first = known?.firstMmi ?? forecast?.mmi;
  return first === undefined || Number.isNaN(first) || isOneStation(message)
    ? {}
    : { firstMmi: first };
}

/** The person says how strong it was. */
export function felt(history: readonly Entry[], key: string, mmi: number): readonly Entry[] {
  return history.map((entry) => (entry.key === key ? { ...entry, felt: mmi } : entry));
}

function outcomeOf(quake: Quake, known: Entry | undefined, shownLevel: number): string {
  if (quake.takenBack === "false") return "cancelled";
  if (shownLevel === 0) return "weak";
  if (quake.takenBack === "smaller") return "lowered";
  return quake.phase ?? known?.outcome ?? "weak";
}

function isSame(a: Entry, b: Entry): boolean {
  const names = Object.keys(b) as (keyof Entry)[];
  return names.length === Object.keys(a).length && names.every((name) => a[name] === b[name]);
}
