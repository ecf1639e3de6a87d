/**
 * One earthquake as this device lives it: which phase it is in, and what moves it on.
 *
 * Theory. A quake has a level (how strong it will be here) and a phase (what to do about it now):
 *
 *     notice                                      weak here: a banner
 *     countdown -> imminent -> shaking -> passed -> after        strong here
 *                                 late ->/                       strong here, but told too late
 *     cancelled, lowered                          taken back by a signed message
 *
 * Along that line a quake only moves to the right, and its level only rises; the one way back is
 * a signed message that takes it back. A new estimate may bring the arrival forward, and it may
 * put it off, but the number on the screen never goes up: it waits until the time has caught up.
 *
 * While one station alone speaks for it (one_station.ts) a strong quake is imminent until it is
 * confirmed, taken back, or over: when the waves arrive is not known well enough to say more.
 */

import { forecast, observedIntensity, type Forecast, type Place } from "./forecast";
import type { Message } from "./message";
import { highestLevel, isOneStation } from "./one_station";
import type { TravelTimes } from "./travel_time";

export type Phase =
  | "notice"
  | "countdown"
  | "imminent"
  | "shaking"
  | "late"
  | "passed"
  | "after"
  | "cancelled"
  | "lowered";

/** 0 nothing, 1 notice, 2 alert, 3 danger. */
export type Level = 0 | 1 | 2 | 3;

export interface Thresholds {
  /** MMI; null: no notices. */
  noticeFrom: number | null;
  alertFrom: number;
}

export interface Here {
  place: Place | null;
  table: TravelTimes | null;
  clockErrorS: number;
  thresholds: Thresholds;
}

export interface Quake {
  key: string;
  message: Message;
  forecast: Forecast | null;
  level: Level;
  /** null: nothing is shown of it (too weak here, or over). */
  phase: Phase | null;
  /** Server ms when the phase began. */
  since: number;
  /** The number last shown, so that it never goes up. */
  seconds: number | null;
  /** The highest level whose sound has started. */
  sounded: Level;
  silenced: boolean;
  /** The highest level the person was shown. */
  told: Level;
}

export const DANGER_FROM = 7;
const COUNT_UNTIL_MS = 5000;
const LATE_MS = 5000;
const NOTICE_STAYS_MS = 60_000;
const PASSED_STAYS_MS = 30_000;
const TAKEN_BACK_STAYS_MS = 300_000;
const SHAKING_MS = { least: 20_000, most: 180_000 };
const UNKNOWN_SHAKING_MS = 60_000;

const LINE: readonly (Phase | null)[] = [
  null,
  "notice",
  "countdown",
  "imminent",
  "shaking",
  "passed",
  "after",
];

export function isAlert(phase: Phase | null): boolean {
  return phase === "countdown" || phase === "imminent" || phase === "shaking" || phase === "late";
}

/** Drills and real ones never share a key, so that neither can change the other. */
export function keyOf(message: Message): string {
  return `${message.mode}:${message.id}`;
}

/** What a message makes of a quake that was, or was not, known before. */
export function receive(known: Quake | null, message: Message, now: number, here: Here): Quake {
  const seen = look(message, here);
  const before = known ?? unknown(message, now);
  const next = { ...before, message, forecast: seen ?? before.forecast };
  if (message.kind === "cancel" || message.why !== null) {
    const back = takeBack(next, now, here);
    if (back || message.kind === "cancel") return back ?? next;
  }
  if (message.kind === "follow_up") return next;
  return advance(raise(next, now, here), now);
}

function unknown(message: Message, now: number): Quake {
  const rest = { phase: null, since: now, seconds: null, silenced: false } as const;
  return { key: keyOf(message), message, forecast: null, level: 0, sounded: 0, told: 0, ...rest };
}

function look(message: Message, here: Here): Forecast | null {
  return here.place && here.table && forecast(message, here.place, here.table);
}

/** Own intensity; where the source is unknown, what was observed in the own cell, if anything. */
export function ownIntensity(quake: Quake, here: Here): number {
  if (quake.forecast) return quake.forecast.mmi;
  return (here.place && observedIntensity(quake.message, here.place)) ?? 0;
}

function levelHere(quake: Quake, here: Here): Level {
  const level = levelOf(ownIntensity(quake, here), here.thresholds);
  return Math.min(level, highestLevel(quake.message, here.place)) as Level;
}

function levelOf(mmi: number, thresholds: Thresholds): Level {
  if (mmi >= Math.max(DANGER_FROM, thresholds.alertFrom)) return 3;
  if (mmi >= thresholds.alertFrom) return 2;
  return thresholds.noticeFrom !== null && mmi >= thresholds.noticeFrom ? 1 : 0;
}

function takeBack(quake: Quake, now: number, here: Here): Quake | null {
  const shown = quake.phase !== null || quake.told > 0;
  if (quake.message.kind === "cancel" && quake.message.why === "false") {
    return shown ? enter(quake, "cancelled", now) : null;
  }
  if (quake.phase === "notice" && quake.message.kind === "cancel") return enter(quake, null, now);
  const weak = ownIntensity(quake, here) < here.thresholds.alertFrom;
  return weak && isAlert(quake.phase) ? enter(quake, "lowered", now) : null;
}

/** Take the new estimate in: the level may rise, the phase may begin or move on. */
function raise(quake: Quake, now: number, here: Here): Quake {
  const level = levelHere(quake, here);
  if (isOver(quake) || (quake.phase === null && level <= quake.told)) return quake;
  const raised = { ...quake, level: Math.max(level, quake.level) as Level };
  if (raised.level === 0) return raised;
  const phase = raised.level === 1 ? noticePhase(raised, now) : alertPhase(raised, now, here);
  return later(phase, raised.phase) ? enter(raised, phase, now) : raised;
}

function isOver(quake: Quake): boolean {
  if (quake.phase === null) return quake.told >= 2;
  return !isAlert(quake.phase) && quake.phase !== "notice";
}

function noticePhase(quake: Quake, now: number): Phase | null {
  return now < end(quake) + NOTICE_STAYS_MS ? "notice" : null;
}

function alertPhase(quake: Quake, now: number, here: Here): Phase {
  if (quake.phase !== null && quake.phase !== "notice") {
    return quake.phase === "countdown" && !countable(quake, now, here) ? "imminent" : quake.phase;
  }
  if (isOneStation(quake.message)) return "imminent";
  if (isLate(quake, now)) return "late";
  if (quake.forecast && now >= quake.forecast.sArrival) return "shaking";
  return countable(quake, now, here) ? "countdown" : "imminent";
}

/** Told more than 5 s after the arrival, with less than half of the shaking still to come. */
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

/** Milliseconds to the earliest arrival of the strong waves, as far as the clock can tell. */
function lowerBound(quake: Quake, now: number, clockErrorS: number): number | null {
  const error = clockErrorS < Infinity ? clockErrorS * 1000 : 0;
  return quake.forecast && quake.forecast.sArrival - error - now;
}

function later(phase: Phase | null, than: Phase | null): boolean {
  if (phase === "late") return than === null || than === "notice";
  return LINE.indexOf(phase) > LINE.indexOf(than === "late" ? "shaking" : than);
}

/** Let time pass: move on where the phase has run its course, and set the number. */
export function advance(quake: Quake, now: number, clockErrorS = 0): Quake {
  const moved = step(quake, now, clockErrorS);
  if (moved.phase !== "countdown")
    return moved.seconds === null ? moved : { ...moved, seconds: null };
  const left = Math.floor((lowerBound(moved, now, clockErrorS) as number) / 1000);
  const seconds = moved.seconds === null ? left : Math.min(moved.seconds, left);
  return seconds === moved.seconds ? moved : { ...moved, seconds };
}

function step(quake: Quake, now: number, clockErrorS: number): Quake {
  const left = lowerBound(quake, now, clockErrorS);
  const stayed = now - quake.since;
  switch (quake.phase) {
    case "countdown":
      return left !== null && left >= COUNT_UNTIL_MS
        ? quake
        : step(enter(quake, "imminent", now), now, clockErrorS);
    case "imminent":
      if (isOneStation(quake.message)) return unlessOver(quake, now);
      return left === null || left > 0 ? expireUnknown(quake, now) : enter(quake, "shaking", now);
    case "shaking":
    case "late":
      return unlessOver(quake, now);
    case "passed":
      return stayed >= PASSED_STAYS_MS ? enter(quake, "after", now) : quake;
    case "notice":
      return now >= end(quake) + NOTICE_STAYS_MS ? enter(quake, null, now) : quake;
    case "cancelled":
    case "lowered":
      return stayed >= TAKEN_BACK_STAYS_MS ? enter(quake, null, now) : quake;
    default:
      return quake;
  }
}

/** Without a source there is no arrival: the warning stands for a minute, then has passed. */
function expireUnknown(quake: Quake, now: number): Quake {
  const over = quake.forecast === null && now - quake.since >= UNKNOWN_SHAKING_MS;
  return over ? enter(quake, "passed", now) : quake;
}

function unlessOver(quake: Quake, now: number): Quake {
  return now >= shakingEnd(quake) ? enter(quake, "passed", now) : quake;
}

function shakingEnd(quake: Quake): number {
  const held = Math.min(end(quake), quake.since + SHAKING_MS.most);
  return Math.max(held, quake.since + SHAKING_MS.least);
}

function end(quake: Quake): number {
  return quake.forecast?.end ?? quake.message.iss + UNKNOWN_SHAKING_MS;
}

/** The person pressed OK: go on from what only informs. An alert does not go away by a key. */
export function dismiss(quake: Quake, now: number): Quake {
  if (quake.phase === "passed") return enter(quake, "after", now);
  const closes: (Phase | null)[] = ["notice", "after", "cancelled", "lowered"];
  return closes.includes(quake.phase) ? enter(quake, null, now) : quake;
}

export function enter(quake: Quake, phase: Phase | null, now: number): Quake {
  return { ...quake, phase, since: now };
}

export function shownQuake(of: { quakes: readonly Quake[]; shown: string | null }): Quake | null {
  return of.quakes.find((quake) => quake.key === of.shown) ?? null;
}
