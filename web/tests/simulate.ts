/** A simulated device: events at their times, and the state and effects after each. */

import type { Effect } from "../core/alert/effects";
import type { Quake, State } from "../core/alert/model";
import { shownQuake } from "../core/alert/quake";
import { type Context, type Event, next, start } from "../core/alert/state";
import { type Forecast, forecast } from "../core/forecast/forecast";
import type { Message } from "../core/stream/message";
import { alertView } from "../core/words/view";
import { announced, joined, phrases as phrasesOf } from "../core/words/words";
import { translator } from "../languages/language";
import { context, message, PLACE, straightRays, T0 } from "./examples";
import { WORDING } from "./wording";

export interface RunStep {
  now: number;
  event: Event;
  state: State;
  effects: Effect[];
  before: State;
}

/** Runs events at their times, with ticks between them. */
export function run(
  events: [at: number, event: Event][],
  change: Partial<Context> = {},
  until = 60,
  every = 0.2,
): RunStep[] {
  const ticks = Array.from(
    { length: until / every },
    (_, i) => [i * every * 1000, { type: "tick" }] as [number, Event],
  );
  const all = [...events.map(([at, event]) => [at * 1000, event] as [number, Event]), ...ticks];
  all.sort((a, b) => a[0] - b[0]);
  let state = start();
  return all.map(([at, event]) => {
    const now = T0 + 6000 + at;
    const before = state;
    const step = next(state, event, now, context({ deviceNow: now, ...change }));
    state = step.state;
    return { now, event, state, effects: step.effects, before };
  });
}

export const send = (change: Partial<Message> | Record<string, unknown> = {}): Event => ({
  type: "message",
  message: message(change),
});
export const shown = (step: RunStep | undefined): Quake | null =>
  step ? shownQuake(step.state) : null;
export const phases = (steps: RunStep[]) =>
  steps
    .map((step) => shown(step)?.phase ?? null)
    .filter((phase, i, all) => i === 0 || phase !== all[i - 1]);
export const all = (steps: RunStep[], kind: Effect["do"]) =>
  steps.flatMap((step) => step.effects).filter((effect) => effect.do === kind);

export const CANCEL = { kind: "cancel", why: "smaller", m: 4.2 };
export const FALSE = { kind: "cancel", why: "false" };
export const MINUTE = 60;
export const last = (steps: RunStep[]) => steps[steps.length - 1]!;
/** What is spoken, as one text. */
export const spoken = (...[utterance, quake, t, profile]: Parameters<typeof phrasesOf>) =>
  joined(t, ...phrasesOf(utterance, quake, t, profile));

/** Texts that a person reads or hears of a cancelled alert. */
export const cancelTexts = (quake: Quake, code = "en") => {
  const viewer = { t: translator(code), profile: "standard", tv: false } as const;
  const view = alertView(quake, viewer);
  const texts = [view?.title, ...(view?.action ?? []), view?.detail];
  const aloud = [spoken, announced].map((words) => words("cancelled", quake, viewer.t, "standard"));
  return [...texts, ...aloud].join(" ");
};
/** English words that reassure: only a cancelled alert may have them. */
export const CALMING = WORDING.en.calming;

/** A device that goes on from a state. */
export function device(change: Partial<Context> = {}, state: State = start()) {
  const at = (seconds: number, event: Event = { type: "tick" }, more: Partial<Context> = {}) => {
    const now = T0 + 6000 + seconds * 1000;
    const step = next(state, event, now, context({ deviceNow: now, ...change, ...more }));
    state = step.state;
    return step;
  };
  return { at, state: () => state };
}

export const NOW = T0 + 6000;
export const DAY_MS = 86_400_000;

/** What the example's place expects of a message. */
export function expected(change: Partial<Message> = {}): Forecast {
  return forecast(message(change), PLACE, straightRays())!;
}

/** The state after events at their times (server ms), with a tick each second until `until`. */
export function stateAfter(
  events: [at: number, event: Event][],
  until = 0,
  change: Partial<Context> = {},
  state: State = start(),
): State {
  const begin = events[0]?.[0] ?? until;
  const ticks: [number, Event][] = [];
  for (let at = begin + 1000; at < until; at += 1000) ticks.push([at, { type: "tick" }]);
  const all = [...events, ...ticks, [Math.max(until, begin), { type: "tick" }] as [number, Event]];
  all.sort((a, b) => a[0] - b[0]);
  return all.reduce(
    (old, [at, event]) => next(old, event, at, context({ deviceNow: at, ...change })).state,
    state,
  );
}

export const phase = (state: State) => shownQuake(state)?.phase ?? null;

/** A message that comes x seconds after S. */
export function afterS(x: number): number {
  return expected().sArrival + x * 1000;
}

export const receivedAt = (at: number, change: Partial<Message> = {}): [number, Event] => [
  at,
  send({ iss: at, exp: at + 180_000, ...change }),
];
