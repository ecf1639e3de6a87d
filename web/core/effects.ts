/** What a change of state makes heard, spoken, felt and announced. */

import type { Level, Phase, Quake } from "./quake";
import { bannerQuake, isAlert, shownQuake } from "./quake";
import { isUnable, whyUnable } from "./server";
import type { State } from "./state";
import { maySound, mmiOf } from "./swarm";

export type SoundId = "S1" | "S2" | "S3" | "SC" | "SP" | "SD";
/** What the server lacks, by the name of its text. */
type SaidUnable = ReturnType<typeof whyUnable>;
export type Said =
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
  | SaidUnable;

export type Effect =
  /** The tone of an alert or a notice, with its words; counted against invariant 3. */
  | { do: "alarm"; sound: SoundId; say: Said; level: Level }
  /** The tone of an end (passed, cancelled, lowered), once, with its words. */
  | { do: "chime"; sound: SoundId; say: Said; level: Level }
  | { do: "quiet" }
  | { do: "speak"; say: Said }
  | { do: "announce"; politely: boolean; say: Said };

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

/** The page has become unable to warn, and says so once. */
function unready(before: State, after: State): Effect[] {
  const says: Said[] = [];
  if (after.lost && !before.lost) says.push("lost");
  if (after.untrusted && !before.untrusted)
    says.push(after.untrusted.why === "key" ? "untrusted" : "unverified");
  const { server } = after;
  if (server?.state !== before.server?.state) {
    if (server?.state === "test") says.push("test");
    if (server?.state === "drill") says.push("drillServer");
    if (server && isUnable(server)) says.push(whyUnable(server));
  }
  if (after.drillsOnly && !before.drillsOnly && server?.state !== "drill") says.push("drills");
  return says.map((say) => ({ do: "announce", politely: true, say }));
}

function shownEffects(before: State, after: State, quake: Quake, now: number): Effect[] {
  const old = before.quakes.find((other) => other.key === quake.key) ?? null;
  if (after.banner === quake.key) return before.shown === null ? [] : leaving(before, quake);
  const isNew = before.shown !== quake.key || old?.phase !== quake.phase;
  return [...alarm(quake, now), ...(isNew ? entry(quake) : []), ...passing(quake, old, now)];
}

/** An alert that ends in a notice of another earthquake is no longer heard. */
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
  const sound: Effect[] = fresh ? [{ do: "alarm", sound: "S1", say: "notice", level: 1 }] : [];
  const said: Effect[] = isNew ? [{ do: "announce", politely: true, say: "notice" }] : [];
  return [...sound, ...said];
}

/** Sound starts when an alert is first shown and when its level rises, never otherwise. */
function alarm(quake: Quake, now: number): Effect[] {
  const fresh = now - quake.message.iss <= SOUND_MAX_AGE_MS;
  if (!isAlert(quake.phase) || !fresh || quake.level <= quake.sounded) return [];
  const say = quake.phase === "late" ? "late" : "alert";
  return [{ do: "alarm", sound: soundOf(quake), say, level: quake.level }];
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
  const chime = phase === "passed" ? "SP" : "SC";
  const heard = quake.sounded > 0 ? [{ do: "chime", sound: chime, say: phase as Said, level }] : [];
  return [{ do: "quiet" }, ...(heard as Effect[]), ...announced];
}

function announcement(quake: Quake): Effect[] {
  const says: { [phase in Phase]?: Said } = {
    countdown: "alert",
    shaking: "shaking",
    late: "late",
    passed: "passed",
    cancelled: "cancelled",
    lowered: "lowered",
  };
  // Imminent is announced when it is the first that is heard of an earthquake, not after a count.
  const first: Said | undefined = quake.told < 2 ? "alert" : undefined;
  const say = quake.phase === "imminent" ? first : quake.phase ? says[quake.phase] : undefined;
  if (!say) return [];
  return [{ do: "announce", politely: quake.phase === "passed", say }];
}

/** What happens within a phase: numbers, and the end of the sound. */
function passing(quake: Quake, old: Quake | null, now: number): Effect[] {
  const effects: Effect[] = [];
  const { seconds } = quake;
  const counted = seconds !== null && old?.seconds != null && seconds !== old.seconds;
  if (counted && SPOKEN_NUMBERS.includes(seconds)) effects.push({ do: "speak", say: "seconds" });
  if (counted && seconds === ANNOUNCED_NUMBER) {
    effects.push({ do: "announce", politely: false, say: "seconds" });
  }
  if (quake.silenced && !old?.silenced) effects.push({ do: "quiet" });
  if (quake.phase === "shaking" && isLongShaking(quake, now)) effects.push({ do: "quiet" });
  return effects;
}

function isLongShaking(quake: Quake, now: number): boolean {
  return now - quake.since >= SOUND_INTO_SHAKING_MS;
}
