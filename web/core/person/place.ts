/**
 * The place that this screen stands for. It is worked with here and nowhere else.
 *
 * It comes from the address after '#' (which browsers never send) or after '?' (which they do
 * send to the server of the page, once, so prefer '#'), from what was chosen before, or from the
 * server's suggestion. A place is as good as its accuracy: a town is taken as 5 km.
 */

import type { Spot } from "../alert/model";
import { readSettings } from "../alert/settings";
import type { Place } from "../forecast/forecast";
import type { Label } from "../map/region";

export const TOWN_ACCURACY_KM = 5;
const POINT_ACCURACY_KM = 1;

export type Town = Label;

export function isPoint(lat: unknown, lon: unknown): boolean {
  const within = (value: unknown, limit: number) =>
    typeof value === "number" && Number.isFinite(value) && Math.abs(value) <= limit;
  return within(lat, 90) && within(lon, 180);
}

/** The place in an address such as #lat=30.7&lon=104.1&name=School, or null. */
export function placeInAddress(search: string, fragment: string): Place | null {
  for (const part of [fragment, search]) {
    const values = new URLSearchParams(part.replace(/^[#?]/, ""));
    if (!values.get("lat") || !values.get("lon")) continue;
    const lat = Number(values.get("lat"));
    const lon = Number(values.get("lon"));
    const name = values.get("name") || `${lat.toFixed(2)}, ${lon.toFixed(2)}`;
    if (isPoint(lat, lon)) return { name, lat, lon, accuracyKm: POINT_ACCURACY_KM };
  }
  return null;
}

/** A place after "?" is sent to the server with each page: move it to "#", before all else. */
export function hidePlace(): void {
  const { search, hash, pathname } = location;
  if (!/[?&](lat|lon)=/.test(search)) return;
  const kept = /[#&]lat=/.test(hash) ? hash : `#${search.slice(1)}`;
  history.replaceState(null, "", pathname + kept);
}

export function readPlace(stored: unknown): Place | null {
  if (typeof stored !== "object" || stored === null) return null;
  const { name, lat, lon, accuracyKm, country } = stored as Partial<Place>;
  if (!isPoint(lat, lon) || typeof name !== "string") return null;
  const accuracy =
    typeof accuracyKm === "number" && accuracyKm >= 0 ? accuracyKm : POINT_ACCURACY_KM;
  const known = typeof country === "string" ? { country } : {};
  return { name, lat: lat as number, lon: lon as number, accuracyKm: accuracy, ...known };
}

/** Further places, as stored: each is checked, and what is wrong is left out. */
export function readSpots(stored: unknown): Spot[] {
  const spots = Array.isArray(stored) ? (stored as Partial<Spot>[]) : [];
  return spots.map((spot) => readSpot(spot ?? {})).filter((spot): spot is Spot => spot !== null);
}

function readSpot({ place: stored, thresholds: given, elsewhere }: Partial<Spot>): Spot | null {
  const place = readPlace(stored);
  if (!place) return null;
  const { noticeFrom, alertFrom } = readSettings(given);
  const told = given?.noticeFrom;
  const thresholds = { noticeFrom: told === 5 || told === 6 ? told : noticeFrom, alertFrom };
  return { place, thresholds, ...(elsewhere === true && { elsewhere: true as const }) };
}

/** A town as a place. shown: its name in the script of the reader. */
export function townPlace([, lat, lon, , country]: Town, shown: string): Place {
  return { name: shown, lat, lon, accuracyKm: TOWN_ACCURACY_KM, country };
}

/** Towns of which a name in any script begins with what was typed, each once, the largest first. */
export function findTowns(towns: readonly Town[], typed: string, most = 8): Town[] {
  const wanted = plain(typed);
  if (wanted === "") return [];
  const begins = (name: string) => plain(name).startsWith(wanted);
  const found = new Map<string, Town>();
  for (const town of towns) {
    const [name, lat, lon, , , names = {}] = town;
    if (!begins(name) && !Object.values(names).some(begins)) continue;
    const key = `${name} ${lat.toFixed(1)} ${lon.toFixed(1)}`;
    if (!found.has(key)) found.set(key, town);
  }
  return [...found.values()].sort((a, b) => b[3] - a[3]).slice(0, most);
}

/** Whether it is written in Latin letters, as the names of the table of all towns are. */
export function isLatin(text: string): boolean {
  return /^[ -\u024f\u1e00-\u1eff\u2000-\u206f]*$/.test(text);
}

/** Lower case and without accents, so that "Nazca" and "nazca", "Leon" and "León" are one. */
function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .trim()
    .toLowerCase();
}
