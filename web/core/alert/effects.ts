/** Effects of a change of state: sound, speech, vibration and announcements. */

import { isUnable, whyUnable } from "../stream/server";
import type { Level, Phase, Quake, State } from "./model";
import { bannerQuake, isAlert, shownQuake } from "./quake";
import { maySound, mmiOf } from "./swarm";

export type SoundId = "S1" | "S2" | "S3" | "SC" | "SP" | "SD";
/** What the server lacks, by the name of its text. */
type UnableUtterance = ReturnType<typeof whyUnable>;
export type Utterance =
  | "alert"
  | "seconds"
  | "shaking"
  | "late"
  | "passed"
  | "cancelled"
  | "lowered"
  | "notice"
  | "lost"
  | "untrusted"
  | "unverified"
  | "drills"
  | "drillServer"
  | "test"
  | UnableUtterance;

export type Effect =
  /** The tone of an alert or a notice, with its words; counted against invariant 3. */
  | { do: "alarm"; sound: SoundId; utterance: Utterance; level: Level }
  /** The tone of an end (passed, cancelled, lowered), once, with its words. */
  | { do: "chime"; sound: SoundId; utterance: Utterance; level: Level }
  | { do: "quiet" }
  | { do: "speak"; utterance: Utterance }
  | { do: "announce"; politely: boolean; utterance: Utterance };

const SOUND_MAX_AGE_MS = 120_000;
const SOUND_INTO_SHAKING_MS = 20_000;
const SPOKEN_NUMBERS = [20, 10, 5];
const ANNOUNCED_NUMBER = 5;
const ENDS: readonly (Phase | null)[] = ["passed", "cancelled", "lowered"];

export function effectsOf(before: State, after: State, now: number): Effect[] {
  const quake = shownQuake(after);
  const rest = quake ? shownEffects(before, after, quake, now) : [];
  const ended: Effect[] = !quake && shownQuake(before) ? [{ do: "quiet" }] : [];
  return [...unready(before, after), ...rest, ...ended, ...banner(before, after, now)];
}

/** The page has become unable to warn, and announces it once. */
function unready(before: State, after: State): Effect[] {
  const utterances: Utterance[] = [];
  if (after.lost && !before.lost) utterances.push("lost");
  if (after.untrusted && !before.untrusted)
    utterances.push(after.untrusted.why === "key" ? "untrusted" : "unverified");
  const { server } = after;
  if (server?.state !== before.server?.state) {
    if (server?.state === "test") utterances.push("test");
    if (server?.state === "drill") utterances.push("drillServer");
    if (server && isUnable(server)) utterances.push(whyUnable(server));
  }
  if (after.drillsOnly && !before.drillsOnly && server?.state !== "drill")
    utterances.push("drills");
  return utterances.map((utterance) => ({ do: "announce", politely: true, utterance }));
}

function shownEffects(before: State, after: State, quake: Quake, now: number): Effect[] {
  const old = before.quakes.find((other) => other.key === quake.key) ?? null;
  if (after.banner === quake.key) return before.shown === null ? [] : leaving(before, quake);
  const isNew = before.shown !== quake.key || old?.phase !== quake.phase;
  return [...alarm(quake, now), ...(isNew ? entry(quake) : []), ...passing(quake, old, now)];
}

/** An alert that ends in a notice of another earthquake stops sounding. */
function leaving(before: State, notice: Quake): Effect[] {
  const left = shownQuake(before);
  return left && left.key !== notice.key && left.phase !== "notice" ? [{ do: "quiet" }] : [];
}

/** A notice: its tone, unless many have sounded, and then its words with it. */
function banner(before: State, after: State, now: number): Effect[] {
  const quake = bannerQuake(after);
  if (!quake) return [];
  const isNew = before.banner !== quake.key;
  const fresh = now - quake.message.iss <= SOUND_MAX_AGE_MS;
  if (quake.level <= quake.sounded) return [];
  if (!maySound(after.tones, mmiOf(quake), now)) return [];
  const sound: Effect[] = fresh
    ? [{ do: "alarm", sound: "S1", utterance: "notice", level: 1 }]
    : [];
  const announced: Effect[] = isNew
    ? [{ do: "announce", politely: true, utterance: "notice" }]
    : [];
  return [...sound, ...announced];
}

/** Sound starts when an alert is first shown and when its level rises, never otherwise. */
function alarm(quake: Quake, now: number): Effect[] {
  const fresh = now - quake.message.iss <= SOUND_MAX_AGE_MS;
  if (!isAlert(quake.phase) || !fresh || quake.level <= quake.sounded) return [];
  const utterance = quake.phase === "late" ? "late" : "alert";
  return [{ do: "alarm", sound: soundOf(quake), utterance, level: quake.level }];
}

function soundOf(quake: Quake): SoundId {
  if (quake.message.mode === "drill") return "SD";
  return quake.level === 2 ? "S2" : "S3";
}

/** A phase was entered (or its quake has come to be the one that is shown). */
function entry(quake: Quake): Effect[] {
  const { phase, level } = quake;
  if (phase === null || phase === "after") return [{ do: "quiet" }];
  const announced = announcement(quake);
  if (!ENDS.includes(phase)) return announced;
  const sound = phase === "passed" ? "SP" : "SC";
  const chimes =
    quake.sounded > 0 ? [{ do: "chime", sound, utterance: phase as Utterance, level }] : [];
  return [{ do: "quiet" }, ...(chimes as Effect[]), ...announced];
}

function announcement(quake: Quake): Effect[] {
  const utterances: { [phase in Phase]?: Utterance } = {
    countdown: "alert",
    shaking: "shaking",
    late: "late",
    passed: "passed",
    cancelled: "cancelled",
    lowered: "lowered",
  };
  // Imminent is announced when it is the first phase shown of an earthquake, not after a count.
  const first: Utterance | undefined = quake.shownLevel < 2 ? "alert" : undefined;
  const utterance =
    quake.phase === "imminent" ? first : quake.phase ? utterances[quake.phase] : undefined;
  if (!utterance) return [];
  return [{ do: "announce", politely: quake.phase === "passed", utterance }];
}

/** What happens within a phase: numbers, and the end of the sound. */
function passing(quake: Quake, old: Quake | null, now: number): Effect[] {
  const effects: Effect[] = [];
  const { seconds } = quake;
  const counted = seconds !== null && old?.seconds != null && seconds !== old.seconds;
  if (counted && SPOKEN_NUMBERS.includes(seconds))
    effects.push({ do: "speak", utterance: "seconds" });
  if (counted && seconds === ANNOUNCED_NUMBER) {
    effects.push({ do: "announce", politely: false, utterance: "seconds" });
  }
  if (quake.silenced && !old?.silenced) effects.push({ do: "quiet" });
  if (quake.phase === "shaking" && isLongShaking(quake, now)) effects.push({ do: "quiet" });
  return effects;
}

function isLongShaking(quake: Quake, now: number): boolean {
  return now - quake.since >= SOUND_INTO_SHAKING_MS;
}
