/**
 * The one reducer that phone and TV share: next(state, event, now, context) -> state and effects.
 *
 * It is pure: no clock, no screen, no loudspeaker. What is on the screen follows from the state
 * (view.ts); what cannot be undone by drawing again (sound, speech, touch, spoken text) is an
 * effect. Times are server milliseconds; only the age of the heartbeat is in device milliseconds,
 * because the server's clock may step when it plays a recorded earthquake.
 *
 * What may never happen, each a property in tests/state.test.ts:
 *  1. An alert's level falls without a signed message that says so.
 *  2. The number goes up, below zero, or is not whole.
 *  3. Sound starts again without the level having risen; or a third time for one earthquake.
 *  4. (speed: measured in the browser)
 *  5. Of two earthquakes the weaker one here is shown.
 *  6. A message without origin time, place or magnitude counts down.
 *  7. A message issued more than 120 s ago makes a sound.
 *  8. Anything but a cancelled alert says "safe" (tests/languages.test.ts).
 *  9. A drill changes something real, or starts at night by itself.
 */

import { record, type Entry } from "./history";
import type { Message } from "./message";
import { advance, dismiss, enter, isAlert, keyOf, receive, type Here, type Quake } from "./quake";
import { effectsOf, type Effect } from "./effects";

export interface State {
  quakes: readonly Quake[];
  /** Key of the quake on the screen. */
  shown: string | null;
  /** Device ms of the last heartbeat. */
  heartbeatAt: number | null;
  lost: boolean;
  history: readonly Entry[];
}

export type Event =
  | { type: "message"; message: Message }
  | { type: "refused"; why: string }
  | { type: "heartbeat" }
  | { type: "tick" }
  | { type: "stop" }
  | { type: "ok" };

export interface Context extends Here {
  /** Device clock, ms since 1970. */
  deviceNow: number;
  /** When this program was built, ms since 1970: a device clock before that is not set. */
  builtAt: number;
  /** Between 21:00 and 08:00 where the device is, and nobody has touched it lately. */
  asleep: boolean;
}

export interface Step {
  state: State;
  effects: Effect[];
}

const HEARTBEAT_LOST_MS = 30_000;
const FUTURE_MS = 10_000;
const DAY_MS = 86_400_000;

export function start(history: readonly Entry[] = []): State {
  return { quakes: [], shown: null, heartbeatAt: null, lost: false, history };
}

export function next(state: State, event: Event, now: number, context: Context): Step {
  const moved = settle(passTime(handle(state, event, now, context), now, context), now);
  const effects = effectsOf(state, moved, now);
  const { quakes } = moved;
  return { state: { ...moved, quakes: quakes.map((q) => told(q, moved.shown, effects)) }, effects };
}

function handle(state: State, event: Event, now: number, context: Context): State {
  switch (event.type) {
    case "message":
      return take(state, event.message, now, context);
    case "refused":
      return { ...state, history: record(state.history, refusedEntry(event.why, now)) };
    case "heartbeat":
      return { ...state, heartbeatAt: context.deviceNow, lost: false };
    case "stop":
      return changeShown(state, (quake) => ({ ...quake, silenced: true }));
    case "ok":
      return changeShown(state, (quake) => dismiss(quake, now));
    case "tick":
      return state;
  }
}

function refusedEntry(why: string, now: number): Entry {
  return { key: `refused:${why}`, outcome: why, received: now };
}

function take(state: State, message: Message, now: number, context: Context): State {
  const key = keyOf(message);
  const known = state.quakes.find((quake) => quake.key === key) ?? null;
  if (known && message.n <= known.message.n) return state;
  const refusal = whyNot(state, message, now, context);
  if (refusal !== null) {
    const { id, mode } = message;
    const entry = { ...refusedEntry(refusal, now), key: `refused:${key}`, id, mode };
    return { ...state, history: record(state.history, entry) };
  }
  const quake = receive(known, message, now, context);
  const others = state.quakes.filter((other) => other !== known);
  return endDrills({ ...state, quakes: [...others, quake] }, quake, now);
}

/** Why a rightly signed message is not acted on; null when it is. */
function whyNot(state: State, message: Message, now: number, context: Context): string | null {
  if (message.mode === "test") return "test";
  if (now > message.exp) return "expired";
  if (message.iss > now + FUTURE_MS) return "future";
  if (message.mode === "actual") return isReplayed(now, context) ? "clock" : null;
  if (context.asleep) return "night";
  return state.quakes.some(isReal) ? "real" : null;
}

/** A real alert while the server's clock is a day off ours: an old message played again. */
function isReplayed(now: number, context: Context): boolean {
  const clockIsSet = context.deviceNow >= context.builtAt;
  return clockIsSet && Math.abs(now - context.deviceNow) > DAY_MS;
}

function isReal(quake: Quake): boolean {
  return quake.message.mode === "actual" && quake.phase !== null;
}

function endDrills(state: State, quake: Quake, now: number): State {
  if (!isReal(quake)) return state;
  const ended = (other: Quake) =>
    other.message.mode === "drill" ? enter(other, null, now) : other;
  return { ...state, quakes: state.quakes.map(ended) };
}

function changeShown(state: State, change: (quake: Quake) => Quake): State {
  const changed = (quake: Quake) => (quake.key === state.shown ? change(quake) : quake);
  return { ...state, quakes: state.quakes.map(changed) };
}

function passTime(state: State, now: number, context: Context): State {
  const quakes = state.quakes.map((quake) => advance(quake, now, context.clockErrorS));
  const { heartbeatAt } = state;
  const silent = heartbeatAt !== null && context.deviceNow - heartbeatAt > HEARTBEAT_LOST_MS;
  return { ...state, quakes, lost: state.lost || silent };
}

/** Choose what is shown, write down what was said, forget what is long over. */
function settle(state: State, now: number): State {
  const [first] = [...state.quakes].sort(byUrgency).filter((quake) => quake.phase !== null);
  const history = state.quakes.reduce(record_, state.history);
  const quakes = state.quakes.filter((q) => q.phase !== null || now <= q.message.exp + DAY_MS);
  return { ...state, quakes, shown: first?.key ?? null, history };
}

function record_(history: readonly Entry[], quake: Quake): readonly Entry[] {
  return record(history, quake);
}

function told(quake: Quake, shown: string | null, effects: Effect[]): Quake {
  if (quake.key !== shown || quake.phase === null) return quake;
  const sounds = effects.some((effect) => effect.do === "alarm");
  const level = Math.max(quake.told, quake.level) as Quake["told"];
  const sounded = sounds ? quake.level : quake.sounded;
  if (level === quake.told && sounded === quake.sounded) return quake;
  return { ...quake, told: level, sounded, silenced: sounds ? false : quake.silenced };
}

/** The strongest here still to come; of equals the earlier; then what only informs. */
function byUrgency(a: Quake, b: Quake): number {
  return rank(b) - rank(a) || strength(b) - strength(a) || arrival(a) - arrival(b);
}

function rank(quake: Quake): number {
  if (isAlert(quake.phase)) return 3;
  return quake.phase === "notice" ? 1 : quake.phase === null ? 0 : 2;
}

function strength(quake: Quake): number {
  return quake.forecast?.mmi ?? 0;
}

function arrival(quake: Quake): number {
  return quake.forecast?.sArrival ?? quake.message.iss;
}
