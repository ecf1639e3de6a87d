/** Whether this page would warn now, and if not, why: the first line of the home page. Pure. */

import type { Place } from "../forecast/forecast";
import { isUnable } from "../stream/server";
import type { SoundState, State } from "./model";

export type Readiness =
  | "connecting"
  | "lost"
  | "reconnecting"
  | "untrusted"
  | "test"
  | "unable"
  | "placeless"
  | "drills"
  | "clock"
  | "silent"
  | "ready";

/** What of the device itself must be there. */
export interface Own {
  place: Place | null;
  /** "off": the person has turned it off, who has been asked twice. */
  sound: SoundState | "off";
}

/** Of several reasons the first that would have to be mended. */
export function readiness(state: State, { place, sound }: Own): Readiness {
  // Before the first answer: a page that opens without a network says so at once.
  if (state.heartbeatAt === null) return state.closed ? "lost" : "connecting";
  if (state.lost) return "lost";
  if (state.closed) return "reconnecting";
  if (state.untrusted) return "untrusted";
  if (state.server?.state === "test") return "test";
  if (isUnable(state.server)) return "unable";
  if (!place) return "placeless";
  if (state.drillsOnly || state.server?.state === "drill") return "drills";
  if (state.clockOff) return "clock";
  return sound === "running" || sound === "off" ? "ready" : "silent";
}
