/**
 * One earthquake on this device: which phase it is in, and what moves it on.
 *
 * A quake has a level (how strong it will be here) and a phase (what to do about it now):
 *
 *     notice                                      weak here: a banner
 *     countdown -> imminent -> shaking -> passed -> after        strong here
 *                                 late ->/                       strong here, but received too late
 *                                         passed                 strong here, and over when received
 *     cancelled, lowered                          taken back by a signed message
 *
 * Along that line a quake only moves to the right, and its level only rises; the one way back is
 * a signed message that takes it back. A new estimate may bring the arrival forward, and it may
 * put it off, but the number on the screen never goes up: it waits until the time has caught up.
 *
 * A message that makes a strong quake of one that was taken back or is over begins it again: the
 * device then does what a device does that receives it for the first time.
 *
 * A single-station alert (one_station.ts) of a strong quake is imminent until it is confirmed,
 * taken back, or over: the arrival of the waves is not known well enough to show more.
 */

import type { Message } from "../stream/message";
import type { Phase, Quake } from "./model";
import { isOneStation } from "./one_station";

export const COUNT_UNTIL_MS = 5000;
const PASSED_STAYS_MS = 30_000;
const AFTER_STAYS_MS = 1_800_000;
const REWOUND_MS = 600_000;
const TAKEN_BACK_STAYS_MS = 300_000;
/** most: of what takes no longer by itself, where its end is put off. */
const SHAKING_MS = { least: 20_000, most: 180_000 };
const UNKNOWN_SHAKING_MS = 60_000;

export function isAlert(phase: Phase | null): boolean {
  return phase === "countdown" || phase === "imminent" || phase === "shaking" || phase === "late";
}

/** Drills and real ones never share a key, so that neither can change the other. */
export function keyOf(message: Message): string {
  return `${message.mode}:${message.id}`;
}

/** A quake of which this device has shown nothing yet, or nothing that still counts. */
export function newQuake(key: string, message: Message, now: number): Quake {
  const rest = { phase: null, since: now, seconds: null, silenced: false } as const;
  return { key, message, forecast: null, level: 0, sounded: 0, shownLevel: 0, ...rest };
}

/** Milliseconds to the earliest arrival of the strong waves, as far as the clock is known. */
export function lowerBound(quake: Quake, now: number, clockErrorS: number): number | null {
  const error = clockErrorS < Infinity ? clockErrorS * 1000 : 0;
  return quake.forecast && quake.forecast.sArrival - error - now;
}

/** Let time pass: move on where the phase has run its course, and set the number. */
export function advance(quake: Quake, now: number, clockErrorS = 0): Quake {
  const moved = arriving(step(quake, now, clockErrorS), now);
  if (moved.phase !== "countdown")
    return moved.seconds === null ? moved : { ...moved, seconds: null };
  const left = Math.floor((lowerBound(moved, now, clockErrorS) as number) / 1000);
  const seconds = moved.seconds === null ? left : Math.min(moved.seconds, left);
  return seconds === moved.seconds ? moved : { ...moved, seconds };
}

/** A notice shows whether its waves are still to come; a new estimate may put them off. */
function arriving(quake: Quake, now: number): Quake {
  const known = quake.phase === "notice" && !isOneStation(quake.message) ? quake.forecast : null;
  const arrived = known !== null && now >= known.sArrival;
  return arrived === (quake.arrived ?? false) ? quake : { ...quake, arrived };
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
    case "after":
      return stayed >= AFTER_STAYS_MS ? enter(quake, null, now) : quake;
    case "notice":
      return now >= noticeEnd(quake) ? enter(quake, null, now) : quake;
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
  return Math.max(heldEnd(quake), quake.since + SHAKING_MS.least);
}

/** An end that is put off again and again does not keep a screen for ever. */
function heldEnd(quake: Quake): number {
  const { forecast } = quake;
  const itself = forecast ? forecast.end - forecast.sArrival : 0;
  return Math.min(end(quake), quake.since + Math.max(SHAKING_MS.most, itself));
}

/** A notice warns of what may come: it is removed when that is over. */
export function noticeEnd(quake: Quake): number {
  return heldEnd(quake);
}

/** Server ms when the shaking here is over, as far as is known. */
export function end(quake: Quake): number {
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

/** A drill can be left at any time; what is real cannot. */
export function leave(quake: Quake, now: number): Quake {
  return quake.message.mode === "drill" ? { ...enter(quake, null, now), left: true } : quake;
}

/**
 * The server's clock has stepped back: what began later than now begins now. What is not to happen
 * for a long time by the new clock is over, and only remembered.
 */
export function rewound(quake: Quake, now: number): Quake {
  if (quake.message.iss > now + REWOUND_MS) return enter(quake, null, now);
  return quake.since > now ? { ...quake, since: now } : quake;
}

export function shownQuake(of: { quakes: readonly Quake[]; shown: string | null }): Quake | null {
  return of.quakes.find((quake) => quake.key === of.shown) ?? null;
}

/** The one whose list of what to do is open, also while a notice of another is in the banner. */
export function afterQuake(of: { quakes: readonly Quake[] }): Quake | null {
  return of.quakes.find((quake) => quake.phase === "after") ?? null;
}

/** The notice in the banner, alone or over a screen that only informs. */
export function bannerQuake(of: { quakes: readonly Quake[]; banner: string | null }): Quake | null {
  return of.quakes.find((quake) => quake.key === of.banner) ?? null;
}
