/** Lives of a device: events at their times, and what came of each. */

import type { Effect } from "../core/effects";
import type { Message } from "../core/message";
import type { Quake, State } from "../core/model";
import { shownQuake } from "../core/quake";
import { type Context, type Event, next, start } from "../core/state";
import { context, message, T0 } from "./examples";

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
export const shown = (moment: RunStep | undefined): Quake | null =>
  moment ? shownQuake(moment.state) : null;
export const phases = (moments: RunStep[]) =>
  moments
    .map((moment) => shown(moment)?.phase ?? null)
    .filter((phase, i, all) => i === 0 || phase !== all[i - 1]);
export const all = (moments: RunStep[], kind: Effect["do"]) =>
  moments.flatMap((moment) => moment.effects).filter((effect) => effect.do === kind);
