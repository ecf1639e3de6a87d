/**
 * A single-station alert: the measurement of one station, or of phones where no station has
 * picked it. It concerns only the places around that station, it may be wrong, and its epicentre
 * is known to tens of kilometres: so no number and no map of it is shown.
 */

import type { Key } from "../../languages/language";
import { distanceKm, type Point } from "../forecast/distance";
import type { Message } from "../stream/message";
import type { Level } from "./model";

export function isOneStation(message: Message): boolean {
  return message.ns === 1;
}

/** The highest level that a message may have at a place, whatever the intensity there. */
export function highestLevel(message: Message, place: Point | null): Level {
  if (!isOneStation(message)) return 3;
  if (place && !isConcerned(message, place)) return 0;
  return message.level === "action" ? 2 : 1;
}

function isConcerned({ near }: Message, place: Point): boolean {
  return near === null || distanceKm({ lat: near[0], lon: near[1] }, place) <= near[2];
}

/** What it stands on: one station, or phones only. */
export function singleTitle({ by }: { by?: Message["by"] }): Key {
  return by === "phones" ? "single.phones" : "single.title";
}

/** What the station has measured, in words. */
export function measured(message: Message): Key {
  return message.level === "action" ? "single.strong" : "single.weak";
}
