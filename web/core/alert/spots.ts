/**
 * The person's places: an earthquake is judged for each, and shown for the one with the most. Pure.
 *
 * A place of somebody else ("elsewhere") is told of in a banner, and never asks the person to act:
 * where they are, nothing may happen. What asks to act goes before it.
 */

import { forecast, observedIntensity } from "../forecast/forecast";
import type { Message } from "../stream/message";
import type { Here, Level, Quake, Spot, Thresholds } from "./model";
import { highestLevel } from "./one_station";
import { isAlert } from "./quake";

const DANGER_FROM = 7;

export function levelOf(mmi: number, thresholds: Thresholds): Level {
  if (mmi >= Math.max(DANGER_FROM, thresholds.alertFrom)) return 3;
  if (mmi >= thresholds.alertFrom) return 2;
  return thresholds.noticeFrom !== null && mmi >= thresholds.noticeFrom ? 1 : 0;
}

/** The level of an intensity at the place that is judged, by what the message may ask for there. */
export function levelAt(mmi: number, message: Message, here: Here): Level {
  const most = Math.min(highestLevel(message, here.place), here.elsewhere ? 1 : 3);
  return Math.min(levelOf(mmi, here.thresholds), most) as Level;
}

/** What the message is judged by: the place with the most, and its thresholds. */
export function strongest(before: Quake, message: Message, here: Here): Here {
  // What asks to act is taken back where it was asked, whatever comes elsewhere.
  const acts = isAlert(before.phase);
  const spots = spotsOf(here).filter((spot) => !acts || !spot.elsewhere);
  if (spots.length === 0) return here;
  const last = judgedFor(before, spots);
  // Without a source the forecast of before stands, which is that of one place.
  if (last && !namesSource(message)) return at(here, last);
  const judged = spots.map((spot) => judge(spot, message, here));
  // The one that counts down goes on, unless another asks for more.
  const stays = judged.find(({ spot, level }) => spot === last && level >= 2);
  const best = judged.reduce((a, b) => (isMore(b, a) ? b : a));
  const keeps = stays && acts && best.level <= stays.level;
  return at(here, (keeps ? stays : best).spot);
}

/** The place of before. Where the device is may have moved: it is known again by its name. */
function judgedFor({ at: name, place: before }: Quake, spots: readonly Spot[]): Spot | undefined {
  const named = spots.filter(({ place }) => place.name === name);
  const same = named.find(({ place }) => place.lat === before?.lat && place.lon === before.lon);
  return same ?? (named.length === 1 ? named[0] : undefined);
}

interface Judged {
  spot: Spot;
  level: Level;
  mmi: number;
}

function spotsOf({ place, thresholds, others }: Here): readonly Spot[] {
  return place && others ? [{ place, thresholds }, ...others] : [];
}

function at(here: Here, { place, thresholds, elsewhere }: Spot): Here {
  const { elsewhere: _, ...rest } = here;
  return { ...rest, place, thresholds, ...(elsewhere && { elsewhere }) };
}

function judge(spot: Spot, message: Message, here: Here): Judged {
  const seen = here.table && forecast(message, spot.place, here.table);
  const mmi = (seen ? seen.mmi : observedIntensity(message, spot.place)) ?? 0;
  return { spot, level: levelAt(mmi, message, at(here, spot)), mmi: Number.isNaN(mmi) ? 0 : mmi };
}

function isMore(a: Judged, b: Judged): boolean {
  const own = ({ spot, level }: Judged) => (level > 0 && !spot.elsewhere ? 1 : 0);
  return (own(a) - own(b) || a.level - b.level || a.mmi - b.mmi) > 0;
}

function namesSource({ t0, lat, lon, m }: Message): boolean {
  return t0 !== null && lat !== null && lon !== null && m !== null;
}
