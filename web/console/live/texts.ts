/** Messages and numbers of LIVE as text. */

import { classOf } from "../../core/words/intensity";
import { clockTime, seconds, UNKNOWN } from "../common/figures";
import type { Words } from "../common/words";
import type { MessageWire } from "../feed/wire";

/** "Cancel, drill: false alert". */
export function messageText(m: MessageWire, t: Words): string {
  const kind = t.term("message", m.kind);
  const mode = m.mode === "actual" ? "" : ` (${t.term("mode", m.mode)})`;
  const what = m.why ? t.term("why", m.why) : m.kind === "cancel" ? "" : t.term("level", m.level);
  return `${kind}${mode}${what ? `: ${what}` : ""}`;
}

/** Of a new message, for those who hear the page. */
export function saidOf(message: MessageWire, t: Words): string {
  return t("said.new", {
    kind: messageText(message, t),
    magnitude: message.magnitude.toFixed(1),
    since: seconds(t, message.since_origin),
  });
}

/** Seconds from the first pick, before which nobody can know of it. */
export function afterFirst(m: MessageWire): number | null {
  return m.picked === null ? null : m.since_origin - m.picked;
}

export function intensity(mmi: number | null): string {
  return mmi === null ? UNKNOWN : `${classOf(mmi).roman} · ${mmi.toFixed(1)}`;
}

export function kilometres(t: Words, km: number | null): string {
  return km === null ? UNKNOWN : t("unit.kilometres", { n: Math.round(km) });
}

/** "12:00:03.4 UTC". */
export function exactTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 21)} UTC`;
}

/** Never 100 %, which nothing is. */
export function percent(share: number): string {
  return share > 0.99 ? "> 99 %" : `${Math.round(share * 100)} %`;
}

export function residual(value: number | null): string {
  if (value === null) return UNKNOWN;
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;
}

/** As of when something is: server ms. */
export function asOf(t: Words, time: number, now: number): string {
  return t("asof", { time: clockTime(time / 1000), age: ageText(t, now - time) });
}

/** Tenths of a second, which do not flicker as milliseconds do. */
function ageText(t: Words, ms: number): string {
  const age = Math.max(0, ms) / 1000;
  return age < 60 ? t("unit.s", { n: age.toFixed(1) }) : seconds(t, age);
}
