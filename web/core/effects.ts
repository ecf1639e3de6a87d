/** What a change of state makes heard, spoken, felt and announced. */

import type { Level, Phase, Quake } from "./quake";
import { isAlert, shownQuake } from "./quake";
import type { State } from "./state";

export type SoundId = "S1" | "S2" | "S3" | "SC" | "SP" | "SD";
export type Said =
  "alert" | "seconds" | "shaking" | "late" | "passed" | "cancelled" | "lowered" | "notice" | "lost";

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
  const old = before.quakes.find((other) => other.key === quake?.key) ?? null;
  const lost: Effect[] =
    after.lost && !before.lost ? [{ do: "announce", politely: true, say: "lost" }] : [];
  if (!quake) return shownQuake(before) ? [...lost, { do: "quiet" }] : lost;
  const isNew = before.shown !== quake.key || old?.phase !== quake.phase;
  return [
    ...lost,
    ...alarm(quake, now),
    ...(isNew ? entry(quake) : []),
    ...passing(quake, old, now),
  ];
}

/** Sound starts when an alert is first shown and when its level rises, never otherwise. */
function alarm(quake: Quake, now: number): Effect[] {
  const alerts = isAlert(quake.phase) || quake.phase === "notice";
  const fresh = now - quake.message.iss <= SOUND_MAX_AGE_MS;
  if (!alerts || !fresh || quake.level <= quake.sounded) return [];
  const say = quake.phase === "late" ? "late" : quake.level === 1 ? "notice" : "alert";
  return [{ do: "alarm", sound: soundOf(quake), say, level: quake.level }];
}

function soundOf(quake: Quake): SoundId {
  if (quake.level === 1) return "S1";
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
    notice: "notice",
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
  const politely = quake.phase === "notice" || quake.phase === "passed";
  return [{ do: "announce", politely, say }];
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
