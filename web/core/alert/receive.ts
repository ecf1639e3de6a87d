/** What a signed message makes of a quake: it begins, rises, is taken back, or begins again. */

import { type Forecast, forecast, observedIntensity } from "../forecast/forecast";
import type { Message } from "../stream/message";
import type { Here, Level, Phase, Quake } from "./model";
import { isOneStation } from "./one_station";
import {
  advance,
  COUNT_UNTIL_MS,
  end,
  enter,
  isAlert,
  keyOf,
  lowerBound,
  newQuake,
  noticeEnd,
} from "./quake";
import { levelAt, strongest } from "./spots";

const LATE_MS = 5000;
/** A cancel as old as this only corrects the history of what was closed long ago. */
const CANCEL_SHOWS_MS = 3_600_000;
/** MMI by which a version must fall below the alert level to lower an alert, as the server holds. */
const HOLD_MMI = 0.3;

const LINE: readonly (Phase | null)[] = [
  null,
  "notice",
  "countdown",
  "imminent",
  "shaking",
  "passed",
  "after",
];

/** What a message makes of a quake that was, or was not, known before. */
export function receive(known: Quake | null, message: Message, now: number, places: Here): Quake {
  const unplaced = known ?? newQuake(keyOf(message), message, now);
  const here = strongest(unplaced, message, places);
  const before = places.others?.length ? placed(unplaced, here) : unplaced;
  const updated = { ...before, message, forecast: latestForecast(before.forecast, message, here) };
  const next = { ...updated, mmi: ownIntensity(updated, here) };
  if (message.kind === "follow_up" || next.left) return next;
  if (message.kind === "cancel") return takeBack(next, now, here);
  if (isLowered(next, here)) return lower(next, now);
  return advance(restart(next, now, here) ?? raise(next, now, here), now);
}

/**
 * The quake judged anew, since the person's places have changed: as if its newest message came only
 * now, but for the sound that has been. What is over, taken back as false or left stays so.
 */
export function judgedAnew(quake: Quake, now: number, places: Here): Quake {
  const { key, message, phase, silenced, sounded, shownLevel, takenBack, left } = quake;
  const stands = isAlert(phase) || phase === "notice" || phase === "lowered";
  const unseen = phase === null && shownLevel < 2;
  if (!(stands || unseen) || takenBack === "false" || left || now > message.exp) return quake;
  const fresh = receive(newQuake(key, message, now), message, now, places);
  // Judged for the same place it goes on: what shakes since long is not late.
  const sameTime = fresh.forecast?.sArrival === quake.forecast?.sArrival;
  if (sameTime && fresh.mmi === quake.mmi) return quake;
  const seen = { silenced, sounded, shownLevel: Math.max(fresh.shownLevel, shownLevel) as Level };
  return quake.actedAt === undefined
    ? { ...fresh, ...seen }
    : { ...fresh, ...seen, actedAt: quake.actedAt };
}

function placed(quake: Quake, { place, elsewhere }: Here): Quake {
  const { at: _, place: __, elsewhere: ___, ...rest } = quake;
  return { ...rest, ...(place && { at: place.name, place }), ...(elsewhere && { elsewhere }) };
}

/** The forecast of the newest version that names a source; null where the table has none for it. */
function latestForecast(before: Forecast | null, message: Message, here: Here): Forecast | null {
  const { t0, lat, lon, m } = message;
  const named = t0 !== null && lat !== null && lon !== null && m !== null;
  return named && here.place && here.table ? forecast(message, here.place, here.table) : before;
}

/** Own intensity; where the source is unknown, what was observed in the own cell, if anything. */
export function ownIntensity(quake: Quake, here: Here): number {
  if (quake.forecast) return quake.forecast.mmi;
  return (here.place && observedIntensity(quake.message, here.place)) ?? 0;
}

function levelHere(quake: Quake, here: Here): Level {
  return levelAt(ownIntensity(quake, here), quake.message, here);
}

/** A cancel: of what is no earthquake, or of one that is too weak to warn of. */
function takeBack(quake: Quake, now: number, here: Here): Quake {
  const takenBack = quake.message.why === "false" ? "false" : "smaller";
  const taken: Quake = { ...quake, takenBack };
  if (takenBack === "false") return isNews(quake, now) ? enter(taken, "cancelled", now) : taken;
  if (quake.phase === "notice") return enter({ ...taken, shownLevel: 0, sounded: 0 }, null, now);
  if (!isAlert(quake.phase)) return taken;
  return isWeak(quake, here, 0) ? lower(quake, now) : quake;
}

/** Whether the person must be shown that the earlier alert was wrong. */
function isNews(quake: Quake, now: number): boolean {
  if (quake.phase !== null) return true;
  return quake.shownLevel > 0 && now - quake.message.iss <= CANCEL_SHOWS_MS;
}

function isWeak(quake: Quake, here: Here, hold: number): boolean {
  return !(ownIntensity(quake, here) >= here.thresholds.alertFrom - hold);
}

/**
 * Whether a version takes back the alert here: any may, since the server's reason is that of all
 * places together. Where the shaking has begun only an explicit one: better to hold on too long.
 */
function isLowered(quake: Quake, here: Here): boolean {
  if (!isAlert(quake.phase)) return false;
  if (quake.message.why === "smaller") return isWeak(quake, here, 0);
  const coming = quake.phase === "countdown" || quake.phase === "imminent";
  return coming && isWeak(quake, here, quake.message.level === "aware" ? 0 : HOLD_MMI);
}

function lower(quake: Quake, now: number): Quake {
  return { ...enter(quake, "lowered", now), takenBack: "smaller" };
}

/**
 * The quake started anew, where this version asks for more than what the person was left with:
 * what was taken back is strong after all, or what was over is still to come, or much stronger.
 */
function restart(quake: Quake, now: number, here: Here): Quake | null {
  if (isAlert(quake.phase) || quake.phase === "notice") return null;
  const fresh = raise(asNew(quake, now), now, here);
  if (quake.takenBack === "false") return fresh;
  if (quake.takenBack === "smaller")
    return fresh.level > Math.min(quake.shownLevel, 1) ? fresh : null;
  return isOver(quake) && isWorse(fresh, quake, now) ? fresh : null;
}

function asNew(quake: Quake, now: number): Quake {
  const { key, message, forecast: seen, actedAt, mmi, at, place, elsewhere } = quake;
  const rest = {
    ...(actedAt !== undefined && { actedAt }),
    ...(mmi !== undefined && { mmi }),
    ...(at !== undefined && { at }),
    ...(place && { place }),
    ...(elsewhere && { elsewhere }),
  };
  return { ...newQuake(key, message, now), forecast: seen, ...rest };
}

function isWorse(fresh: Quake, before: Quake, now: number): boolean {
  if (!isAlert(fresh.phase) || isOneStation(fresh.message)) return false;
  const toCome = fresh.forecast !== null && now < fresh.forecast.sArrival;
  return toCome || (fresh.phase === "shaking" && fresh.level > before.shownLevel);
}

/** Take the new estimate in: the level may rise, the phase may begin or move on. */
function raise(quake: Quake, now: number, here: Here): Quake {
  const level = levelHere(quake, here);
  if (isOver(quake) || (quake.phase === null && level <= quake.shownLevel)) return quake;
  const raised = { ...quake, level: Math.max(level, quake.level) as Level };
  if (raised.level === 0) return raised;
  const phase = raised.level === 1 ? noticePhase(raised, now) : alertPhase(raised, now, here);
  return later(phase, raised.phase) ? enter(raised, phase, now) : raised;
}

function isOver(quake: Quake): boolean {
  if (quake.phase === null) return quake.shownLevel >= 2;
  return !isAlert(quake.phase) && quake.phase !== "notice";
}

function noticePhase(quake: Quake, now: number): Phase | null {
  return now < noticeEnd({ ...quake, since: now }) ? "notice" : null;
}

function alertPhase(quake: Quake, now: number, here: Here): Phase {
  if (quake.phase !== null && quake.phase !== "notice") {
    return quake.phase === "countdown" && !countable(quake, now, here) ? "imminent" : quake.phase;
  }
  if (now >= end(quake)) return "passed";
  if (isOneStation(quake.message)) return "imminent";
  if (isLate(quake, now)) return "late";
  if (quake.forecast && now >= quake.forecast.sArrival) return "shaking";
  return countable(quake, now, here) ? "countdown" : "imminent";
}

/** Received more than 5 s after the arrival, with some of the shaking to come, but less than half. */
function isLate(quake: Quake, now: number): boolean {
  if (!quake.forecast) return false;
  const { sArrival, end: over } = quake.forecast;
  return now > sArrival + LATE_MS && over - now < (over - sArrival) / 2;
}

/** Whether a number may be shown at all: it must be right enough to be trusted. */
function countable(quake: Quake, now: number, here: Here): boolean {
  const left = lowerBound(quake, now, here.clockErrorS);
  if (!quake.forecast || !here.place || left === null || left < COUNT_UNTIL_MS) return false;
  const sure = quake.forecast.sigmaS <= Math.max(4, (0.3 * left) / 1000);
  return sure && here.place.accuracyKm <= 10 && here.clockErrorS <= 2;
}

function later(phase: Phase | null, than: Phase | null): boolean {
  if (phase === "late") return than === null || than === "notice";
  return LINE.indexOf(phase) > LINE.indexOf(than === "late" ? "shaking" : than);
}
