/** Whether this page would warn now, and if not, why: the first line of the home page. Pure. */

import type { Place } from "../forecast/forecast";
import { isUnable } from "../stream/server";
import type { State } from "./model";

export type Readiness =
  | "connecting"
  | "lost"
  | "reconnecting"
  | "untrusted"
  | "test"
  | "unable"
  | "placeless"
  | "drills"
  | "ready";

/** Of several reasons the first that would have to be mended. */
export function readiness(state: State, place: Place | null): Readiness {
  if (state.heartbeatAt === null) return "connecting";
  if (state.lost) return "lost";
  if (state.closed) return "reconnecting";
  if (state.untrusted) return "untrusted";
  if (state.server?.state === "test") return "test";
  if (isUnable(state.server)) return "unable";
  if (!place) return "placeless";
  return state.drillsOnly || state.server?.state === "drill" ? "drills" : "ready";
}
