/** Which earthquake is on the screen and which in the banner, and what the person has been shown. */

import type { Effect } from "./effects";
import { record } from "./history";
import type { Entry, Level, Quake, State, Tone } from "./model";
import { bannerQuake, isAlert } from "./quake";
import { concurrentOf } from "./recent";
import { mmiOf, recentTones, swarmOf } from "./swarm";

/** For which a quake that is over is remembered after its last message has expired. */
const REMEMBERED_MS = 86_400_000;

/** Choose what is shown, write down what was shown, forget what is long over. */
export function settle(state: State, now: number): State {
  const history = state.quakes.reduce(recordQuake, state.history);
  const kept = state.quakes.filter((q) => q.phase !== null || now <= q.message.exp + REMEMBERED_MS);
  const ranked = kept.filter((quake) => quake.phase !== null).sort(byUrgency);
  const shown = ranked[0] ?? null;
  const notice = ranked.find((quake) => quake.phase === "notice") ?? null;
  const banner = shown !== null && isAlert(shown.phase) ? null : notice;
  const quakes = kept.map((quake) => describe(quake, kept, banner, history, now));
  return { ...state, quakes, shown: shown?.key ?? null, banner: banner?.key ?? null, history };
}

function recordQuake(history: readonly Entry[], quake: Quake): readonly Entry[] {
  return record(history, quake);
}

/** What the words of a quake must know of the others. */
function describe(
  quake: Quake,
  quakes: readonly Quake[],
  banner: Quake | null,
  history: readonly Entry[],
  now: number,
): Quake {
  const cancelled = quake.phase === "cancelled";
  const concurrent = cancelled ? concurrentOf(quake, quakes, history, now) : null;
  const swarm = quake === banner ? swarmOf(quakes, quake, now) : null;
  if (!concurrent && !swarm && !quake.concurrent && !quake.swarm) return quake;
  const { concurrent: _, swarm: __, ...rest } = quake;
  return { ...rest, ...(concurrent && { concurrent }), ...(swarm && { swarm }) };
}

/** Remember what the person was shown, and what has sounded. */
export function markShown(quake: Quake, state: State, effects: Effect[], now: number): Quake {
  const visible = quake.key === state.shown || quake.key === state.banner;
  if (!visible || quake.phase === null) return quake;
  const isNotice = quake.phase === "notice";
  const sounds = effects.some((one) => one.do === "alarm" && (one.level === 1) === isNotice);
  const level = Math.max(quake.shownLevel, quake.level) as Level;
  // A notice that is one of many has had its turn, even if it was silent.
  const sounded = sounds ? quake.level : isNotice ? higher(quake.sounded, 1) : quake.sounded;
  const acts = isAlert(quake.phase) && quake.actedAt === undefined;
  if (level === quake.shownLevel && sounded === quake.sounded && !acts) return quake;
  const silenced = sounds ? false : quake.silenced;
  return { ...quake, shownLevel: level, sounded, silenced, ...(acts && { actedAt: now }) };
}

function higher(a: Level, b: Level): Level {
  return a > b ? a : b;
}

export function tonesOf(state: State, effects: Effect[], now: number): readonly Tone[] {
  const notice = bannerQuake(state);
  const sounds = effects.some((one) => one.do === "alarm" && one.level === 1);
  if (!sounds || !notice) return state.tones;
  return [...recentTones(state.tones, now), { at: now, mmi: mmiOf(notice) }];
}

/** The strongest here still to come; of equals the earlier; of notices the newest. */
function byUrgency(a: Quake, b: Quake): number {
  const newest = a.phase === "notice" && b.phase === "notice" ? b.since - a.since : 0;
  return rank(b) - rank(a) || newest || strength(b) - strength(a) || arrival(a) - arrival(b);
}

/** What asks for action, what takes it back or follows it, what is new, what stays for later. */
function rank(quake: Quake): number {
  if (isAlert(quake.phase)) return 4;
  if (quake.phase === "notice") return 2;
  return quake.phase === null ? 0 : quake.phase === "after" ? 1 : 3;
}

function strength(quake: Quake): number {
  return quake.forecast?.mmi ?? 0;
}

function arrival(quake: Quake): number {
  return quake.forecast?.sArrival ?? quake.message.iss;
}
