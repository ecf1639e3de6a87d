/** The numbers of an earthquake as rows of a table, for people: the text beside the map. */

import type { Translate } from "../../languages/language";
import { localeOf, withDigits } from "../../languages/numerals";
import type { Entry } from "../alert/model";
import { singleTitle } from "../alert/one_station";
import type { ScaleName } from "../alert/settings";
import { azimuth, type Point } from "../forecast/distance";
import { intensityWords } from "./scales";

export type Fact = [label: string, value: string];

/** "VI strong". Nothing where there is no valid forecast. */
export function intensityText(
  mmi: number | undefined,
  t: Translate,
  scale: ScaleName = "mmi",
): string {
  const shown = intensityWords(mmi, scale, t);
  return shown ? `${shown.number} · ${shown.word}` : "-";
}

/** Whole km, and never 0: a direction is named with it. */
export function shownKm(km: number): number {
  return Math.max(1, Math.round(km));
}

export function direction(from: Point, to: Point, t: Translate): string {
  const names = t("directions").split(" ");
  return names[Math.round(azimuth(from, to) / 45) % 8] as string;
}

export function whereText(entry: Entry, place: Point | null, t: Translate): string {
  const { lat, lon, distanceKm } = entry;
  if (lat == null || lon == null) return "-";
  if (!place || distanceKm === undefined) return pointText(lat, lon, t);
  const km = shownKm(distanceKm);
  return t("from.here", { km, direction: direction(place, { lat, lon }, t) });
}

/** What is shown of an earthquake beside its map. now: server ms. */
export function facts(
  entry: Entry,
  place: Point | null,
  now: number,
  t: Translate,
  scale: ScaleName = "mmi",
): Fact[] {
  if (entry.single) return [[t(singleTitle(entry)), t("single.unconfirmed")]];
  const rows: Fact[] = [[t("magnitude"), entry.m == null ? "-" : magnitudeText(entry.m, t)]];
  rows.push([t("epicentre"), whereText(entry, place, t)]);
  rows.push([t("intensity"), intensityText(entry.mmi, t, scale)]);
  if (entry.sArrival !== undefined) rows.push([t("arrival"), arrivalText(entry.sArrival, now, t)]);
  return rows;
}

function arrivalText(arrival: number, now: number, t: Translate): string {
  const seconds = Math.floor((arrival - now) / 1000);
  if (seconds >= 0) return t("arrival.in", { n: seconds });
  if (seconds > -600) return t("arrival.ago", { n: -seconds });
  return t.digits(clockText(arrival));
}

/** How the warning did, in seconds after the earthquake began. */
export function timeline(entry: Entry, t: Translate): Fact[] {
  const { t0, received, sArrival, actedAt } = entry;
  if (t0 == null || sArrival === undefined || entry.single) return [];
  const after = (time: number) => t("history.seconds", { n: Math.round((time - t0) / 1000) });
  // A page that was opened amid the earthquake does not know when it was detected.
  const rows: Fact[] = entry.joined ? [] : [[t("history.knew"), after(received)]];
  rows.push([t("history.shook"), after(sArrival)]);
  // A banner asks nobody to act: what counts is the first message that did.
  if (actedAt === undefined) return rows;
  const gained = Math.max(0, Math.floor((sArrival - actedAt) / 1000));
  rows.splice(rows.length - 1, 0, [t("history.acted"), after(actedAt)]);
  rows.push([t("history.gained"), t("history.seconds", { n: gained })]);
  return rows;
}

/** "M 6.5", which reads from the left in every language: a letter that all seismologists write. */
export function magnitudeText(m: number, t: Translate): string {
  return t.isolated(`M ${t.decimal(m, 1)}`);
}

export function pointText(lat: number, lon: number, t: Translate): string {
  return `${t.decimal(lat, 2)}, ${t.decimal(lon, 2)}`;
}

export function clockText(time: number): string {
  const at = new Date(time);
  const two = (value: number) => `0${value}`.slice(-2);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

export function dateText(time: number, language: string): string {
  const day = new Date(time).toLocaleDateString(localeOf(language), {
    year: "numeric",
    month: "short",
    day: "numeric",
  });
  return `${day} ${withDigits(clockText(time), language)}`;
}
