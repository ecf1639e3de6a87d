/**
 * The one reducer that phone and TV share: next(state, event, now, context) -> state and effects.
 *
 * It is pure: no clock, no screen, no loudspeaker. What is on the screen follows from the state
 * (view.ts); what cannot be undone by drawing again (sound, speech, touch, spoken text) is an
 * effect. Times are server milliseconds; only the age of the heartbeat is in device milliseconds,
 * because the server's clock may step when it plays a recorded earthquake.
 *
 * What may never happen, each a property in tests/alert/scenarios/invariants.test.ts:
 *  1. An alert's level falls without a signed message that lowers it.
 *  2. The countdown goes up, below zero, or is not whole, while the alert stands.
 *  3. Sound starts again without the level having risen, or a third time, while the alert stands.
 *  4. (speed: measured in the browser)
 *  5. Of two earthquakes the weaker one here is shown.
 *  6. A message without origin time, place or magnitude counts down.
 *  7. A message issued more than 120 s ago makes a sound.
 *  8. Anything but a cancelled alert shows "safe" (tests/languages/languages.test.ts), or that one does while
 *     another earthquake was felt or shown here in the last ten minutes (recent.ts).
 *  9. A drill changes something real, or starts at night by itself.
 * 10. A device that was there does less than one that receives the earthquake only now.
 */

import type { Message } from "../stream/message";
import type { Server } from "../stream/server";
import { type Effect, effectsOf } from "./effects";
import { closeDrills, felt, record } from "./history";
import type { Distrust, Entry, Here, Level, Quake, State } from "./model";
import { advance, dismiss, enter, keyOf, leave, newQuake, rewound } from "./quake";
import { judgedAnew, receive } from "./receive";
import { isRealLately } from "./recent";
import { markShown, settle, tonesOf } from "./screen";

export type Event =
  | { type: "message"; message: Message }
  | { type: "refused"; why: string; key?: true }
  /** trusted: whether the key that the server signs with is one that it lists. */
  /** server: what it reports of itself; absent: nothing reported, so the last report stands. */
  | { type: "heartbeat"; trusted?: boolean; server?: Server | null }
  /** The list of keys has been asked for again: whether the server's own is in it. */
  | { type: "keys"; trusted: boolean }
  /** The connection has ended. */
  | { type: "closed" }
  | { type: "tick" }
  /** The person's places are others now. */
  | { type: "moved" }
  /** The person stops the sound: of this quake, else of the one on the screen. */
  | { type: "stop"; quake?: string }
  /** The person says how strong it was here. */
  | { type: "felt"; key: string; mmi: number }
  /** The person leaves a drill. */
  | { type: "leave" }
  /** The person closes what only informs: of this quake, else the one on the screen. */
  | { type: "ok"; quake?: string };

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

/** As the server sends them; tests/test_web_constants.py holds it and other shared constants. */
const HEARTBEAT_EVERY_MS = 5000;
const HEARTBEAT_LOST_MS = 2 * HEARTBEAT_EVERY_MS;
const FUTURE_MS = 10_000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** A clock that is estimated anew moves by less. */
const STEP_BACK_MS = 10_000;
/** A server that goes on sending what cannot be verified repeats it every second. */
const DISTRUST_MS = 300_000;

export function start(history: readonly Entry[] = []): State {
  return {
    ...{ quakes: [], shown: null, banner: null, heartbeatAt: null, lost: false },
    ...{ closed: false, server: null },
    ...{ untrusted: null, drillsOnly: false, clockOff: false, tones: [], clock: null, history },
  };
}

export function next(state: State, event: Event, now: number, context: Context): Step {
  const before = setClock(state, now, context);
  // A device that slept catches up first: what comes in is judged by what the screen shows now.
  const current = passTime(before, now, context);
  const moved = settle(passTime(handle(current, event, now, context), now, context), now);
  const effects = effectsOf(before, moved, now);
  const quakes = moved.quakes.map((quake) => markShown(quake, moved, effects, now));
  return { state: { ...moved, quakes, tones: tonesOf(moved, effects, now) }, effects };
}

/**
 * Where the server's clock has stepped back, a recorded earthquake begins again: drills that were
 * shown are shown once more. What is real stays known, or an old alert could be played again.
 */
function setClock(state: State, now: number, context: Context): State {
  if (context.clockErrorS === Infinity) return state;
  const drillsOnly = isReplayed(now, context);
  const clockOff = isOff(now, context);
  const steppedBack = state.clock !== null && now < state.clock - STEP_BACK_MS;
  if (!steppedBack) return { ...state, clock: now, drillsOnly, clockOff };
  const real = state.quakes.filter((quake) => quake.message.mode === "actual");
  const quakes = real.map((quake) => rewound(quake, now));
  const history = closeDrills(state.history);
  return { ...state, clock: now, drillsOnly, clockOff, quakes, tones: [], history };
}

function handle(state: State, event: Event, now: number, context: Context): State {
  switch (event.type) {
    case "message":
      return take(state, event.message, now, context);
    case "refused":
      return refuse(state, event.why, event.key ?? false, now, context);
    case "heartbeat":
      return onHeartbeat(state, event, context);
    case "keys":
      return { ...state, untrusted: distrust(state, event.trusted, context) };
    case "closed":
      return { ...state, closed: true };
    case "stop":
      return change(state, event.quake ?? state.shown, (one) => ({ ...one, silenced: true }));
    case "ok":
      return close(state, event.quake ?? state.shown, now);
    case "felt":
      return { ...state, history: felt(state.history, event.key, event.mmi) };
    case "leave":
      return change(state, state.shown, (quake) => leave(quake, now));
    case "moved":
      return { ...state, quakes: state.quakes.map((quake) => judgedAnew(quake, now, context)) };
    case "tick":
      return state;
  }
}

/** A message whose signature does not hold. */
function refuse(
  state: State,
  why: string,
  key: boolean,
  now: number,
  { deviceNow }: Context,
): State {
  const untrusted: Distrust = { why: key ? "key" : "signature", at: deviceNow };
  return { ...state, untrusted, history: record(state.history, refusedEntry(why, now)) };
}

function onHeartbeat(
  state: State,
  { trusted, server = state.server }: Extract<Event, { type: "heartbeat" }>,
  context: Context,
): State {
  const untrusted = distrust(state, trusted, context);
  const heartbeatAt = context.deviceNow;
  return { ...state, heartbeatAt, lost: false, closed: false, server, untrusted };
}

function distrust(
  { untrusted }: State,
  trusted: boolean | undefined,
  { deviceNow }: Context,
): Distrust | null {
  if (trusted === false) return { why: "key", at: deviceNow };
  return trusted && untrusted?.why === "key" ? null : untrusted;
}

function refusedEntry(why: string, now: number): Entry {
  return { key: `refused:${why}`, outcome: why, received: now };
}

function take(state: State, message: Message, now: number, context: Context): State {
  const trusted = { ...state, untrusted: null };
  const key = keyOf(message);
  const known = state.quakes.find((quake) => quake.key === key) ?? remembered(state, message, now);
  if (known && message.n <= known.message.n) return trusted;
  const refusal = whyNot(state, message, now, context);
  if (refusal !== null) {
    const { id, mode } = message;
    const entry = { ...refusedEntry(refusal, now), key: `refused:${key}`, id, mode };
    return { ...trusted, history: record(state.history, entry) };
  }
  const quake = receive(known, message, now, context);
  const others = state.quakes.filter((other) => other.key !== key);
  return endDrills({ ...trusted, quakes: [...others, quake] }, quake, now);
}

/** Of a cancel: the quake as the history has it, where the page was loaded again since. */
function remembered(state: State, message: Message, now: number): Quake | null {
  const key = keyOf(message);
  const entry = state.history.find((one) => one.key === key && !one.past);
  if (message.kind !== "cancel" || entry?.n === undefined || !entry.told) return null;
  const shownLevel = Math.min(3, entry.told) as Level;
  return { ...newQuake(key, { ...message, n: entry.n }, now), shownLevel };
}

/** Why a rightly signed message is not acted on; null when it is. */
function whyNot(state: State, message: Message, now: number, context: Context): string | null {
  if (message.mode === "test") return "test";
  if (now > message.exp) return "expired";
  if (message.iss > now + FUTURE_MS) return "future";
  if (message.mode === "actual") return isReplayed(now, context) ? "clock" : null;
  if (context.asleep) return "night";
  return isRealLately(state.quakes, state.history, now) ? "real" : null;
}

/** The server's clock is a day off ours: a real alert may be an old message played again. */
function isReplayed(now: number, context: Context): boolean {
  const clockIsSet = context.deviceNow >= context.builtAt;
  return clockIsSet && Math.abs(now - context.deviceNow) > DAY_MS;
}

/** A device whose clock was never set cannot recognize an old message that is played again. */
function isOff(now: number, { deviceNow, builtAt }: Context): boolean {
  return deviceNow < builtAt || Math.abs(now - deviceNow) > HOUR_MS;
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

function change(state: State, key: string | null, to: (quake: Quake) => Quake): State {
  const changed = (quake: Quake) => (quake.key === key ? to(quake) : quake);
  return { ...state, quakes: state.quakes.map(changed) };
}

/** A banner that sums up several notices closes all of them. */
function close(state: State, key: string | null, now: number): State {
  const summed = state.quakes.some((quake) => quake.key === key && quake.swarm);
  if (!summed) return change(state, key, (quake) => dismiss(quake, now));
  const closed = (quake: Quake) => (quake.phase === "notice" ? dismiss(quake, now) : quake);
  return { ...state, quakes: state.quakes.map(closed) };
}

function passTime(state: State, now: number, context: Context): State {
  const quakes = state.quakes.map((quake) => advance(quake, now, context.clockErrorS));
  const { heartbeatAt, untrusted } = state;
  // A clock that was set back would hide the silence for as long.
  const silent =
    heartbeatAt !== null && Math.abs(context.deviceNow - heartbeatAt) > HEARTBEAT_LOST_MS;
  const over = untrusted?.why === "signature" && context.deviceNow - untrusted.at > DISTRUST_MS;
  return { ...state, quakes, lost: state.lost || silent, untrusted: over ? null : untrusted };
}
