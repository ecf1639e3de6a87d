/**
 * What a push makes the worker show. The message is verified and judged on this device, by the same
 * reducer as the page's, with what the page left in IndexedDB (core/storage/shared.ts).
 *
 * Every push must show something (userVisibleOnly); what need not be known at once is silent.
 */

import type { State } from "../core/alert/model";
import { isAlert, keyOf } from "../core/alert/quake";
import { DEFAULTS } from "../core/alert/settings";
import { next, start } from "../core/alert/state";
import type { Facts } from "../core/storage/shared";
import type { Message, ReadResult } from "../core/stream/message";
import {
  expiredShown,
  ignoredShown,
  quakeShown,
  type Reader,
  refusedShown,
  type Shown,
} from "../core/words/notification";
import { TEXTS, translation } from "../languages/language";

export interface Outcome {
  shown: Shown;
  state: State;
  /** Whose notification is to be replaced when it expires. */
  message: Message | null;
}

/** Of a device whose page has left nothing yet. */
export function noFacts(language: string): Facts {
  const texts = TEXTS[language] ?? TEXTS["en"]!;
  const { noticeFrom, alertFrom, profile, vibration } = DEFAULTS;
  const thresholds = { noticeFrom, alertFrom };
  const trust = { keys: {}, roots: [], listed: null };
  return { place: null, table: null, ...trust, thresholds, profile, language, texts, vibration };
}

export function readerOf({ language, texts, profile, vibration }: Facts): Reader {
  return { t: translation(texts, language), profile, vibration };
}

/** Pure. now: ms of this device's clock. builtAt: when this program was built. */
export function outcomeOf(
  result: ReadResult,
  facts: Facts,
  before: State | undefined,
  now: number,
  builtAt: number,
): Outcome {
  const reader = readerOf(facts);
  const state = before ?? start();
  if (!result.ok) return { shown: refusedShown(result.why, reader), state, message: null };
  const { message } = result;
  const step = next(state, { type: "message", message }, now, contextOf(facts, now, builtAt));
  const key = keyOf(message);
  const quake = step.state.quakes.find((one) => one.key === key);
  const outcome = { state: step.state, message };
  if (message.mode !== "test" && now > message.exp)
    return { ...outcome, shown: expiredShown(message, reader) };
  const refusal = step.state.history.find((entry) => entry.key === `refused:${key}`);
  if (!quake || (refusal && quake.message.n < message.n))
    return { ...outcome, shown: ignoredShown(message, refusal?.outcome ?? "refused", reader) };
  const sounds = step.effects.some((effect) => effect.do === "alarm" || effect.do === "chime");
  return { ...outcome, message: quake.message, shown: quakeShown(quake, sounds, reader) };
}

/** What is shown when the alert has expired and nothing has come since; null where nothing is. */
export function afterExpiry(message: Message, state: State, facts: Facts): Shown | null {
  const quake = state.quakes.find((one) => one.key === keyOf(message));
  const newest = quake?.message.n === message.n;
  const stands = quake && (isAlert(quake.phase) || quake.phase === "notice");
  return newest && stands ? expiredShown(message, readerOf(facts)) : null;
}

/** The clock of the device: without a connection there is no other. No number is made of it. */
function contextOf({ place, others = [], table, thresholds }: Facts, now: number, builtAt: number) {
  const hour = new Date(now).getHours();
  const asleep = hour >= 21 || hour < 8;
  const clock = { clockErrorS: Infinity, deviceNow: now, builtAt };
  return { place, others, table, thresholds, asleep, ...clock };
}
