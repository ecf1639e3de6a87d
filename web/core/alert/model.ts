/**
 * The shared types: one earthquake on this device, the state of the page, and its history.
 *
 * Types only, and imported by everything above: a type that two files need stands here, so that
 * no two files import each other. Times are server milliseconds unless a field says otherwise.
 */

import type { Point } from "../forecast/distance";
import type { Forecast, Place } from "../forecast/forecast";
import type { TravelTimes } from "../forecast/travel_time";
import type { Message } from "../stream/message";
import type { Server } from "../stream/server";

/** What the screen shows of an earthquake; which follows which: quake.ts. */
export type Phase =
  | "notice"
  | "countdown"
  | "imminent"
  | "shaking"
  | "late"
  | "passed"
  | "after"
  | "cancelled"
  | "lowered";

/** 0 nothing, 1 notice (a banner), 2 alert, 3 danger (both on the whole screen). */
export type Level = 0 | 1 | 2 | 3;

/** MMI at this place from which the person is warned. */
export interface Thresholds {
  /** null: no notices. */
  noticeFrom: number | null;
  alertFrom: number;
}

/** A place and from when it is warned for. */
export interface Spot {
  place: Place;
  thresholds: Thresholds;
  /** Somebody else's place: told of, but the person is not asked to act. */
  elsewhere?: true;
}

/** What a message is judged by on this device. */
export interface Here {
  place: Place | null;
  table: TravelTimes | null;
  clockErrorS: number;
  thresholds: Thresholds;
  /** Further places of the person (spots.ts). */
  others?: readonly Spot[];
  /** The place that is judged is somebody else's. */
  elsewhere?: true;
}

/** One earthquake on this device. */
export interface Quake {
  key: string;
  message: Message;
  forecast: Forecast | null;
  level: Level;
  /** Own intensity by the newest message; absent where it is not known. */
  mmi?: number;
  /** Name of the place that it is judged for, where the person has several. */
  at?: string;
  /** That place: two may have one name. */
  place?: Place;
  /** That place is somebody else's. */
  elsewhere?: true;
  /** null: nothing is shown of it (too weak here, or over). */
  phase: Phase | null;
  /** When the phase began. */
  since: number;
  /** The number last shown, so that it never goes up. */
  seconds: number | null;
  /** The highest level whose sound has started. */
  sounded: Level;
  silenced: boolean;
  /** The highest level that the person was shown. */
  shownLevel: Level;
  /** How a signed message took it back; absent while it stands. */
  takenBack?: "false" | "smaller";
  /** When this device first asked to act; absent: never. */
  actedAt?: number;
  /** Of a cancelled one: whether another earthquake of the last minutes stands (recent.ts). */
  concurrent?: Concurrent;
  /** A drill that the person has left: no version of it comes back. */
  left?: true;
  /** Of a notice: its strong waves have reached this place. */
  arrived?: boolean;
  /** Of a notice: it is one of several (swarm.ts). */
  swarm?: Swarm;
}

/** first: a confirmed earthquake came before it. other: something else stands. */
export type Concurrent = "first" | "other";

/** Several light earthquakes that one banner sums up. */
export interface Swarm {
  count: number;
  /** MMI of the strongest here. */
  mmi: number;
}

/** A notice that sounded. */
export interface Tone {
  at: number;
  mmi: number;
}

/**
 * One line of the history. It is stored on the device under these names: a name that changes loses
 * what people have there.
 */
export interface Entry {
  key: string;
  /** The phase it is in or ended with, or why it was refused. */
  outcome: string;
  received: number;
  id?: string;
  mode?: string;
  issued?: number;
  n?: number;
  t0?: number | null;
  lat?: number | null;
  lon?: number | null;
  m?: number | null;
  depthKm?: number;
  sArrival?: number;
  distanceKm?: number;
  mmi?: number;
  /** The highest level that the person was shown. */
  told?: number;
  /** When this device first asked to act. */
  actedAt?: number;
  /** Name of the place that it was judged for, where the person has several. */
  at?: string;
  /** Own intensity by the first message. */
  firstMmi?: number;
  /** MMI as the person felt it. */
  felt?: number;
  /** When the shaking here is over, as far as is known. */
  end?: number;
  /** It was under way when this page received the first version of it. */
  joined?: true;
  /** Of a drill: it was shown before the server's clock stepped back. */
  past?: true;
  /** A single-station alert: its place, strength and arrival are not known well enough to show. */
  single?: boolean;
  /** The same, of phones. */
  by?: "phones";
}

/** All that the page knows; state.ts is the one function that changes it. */
export interface State {
  quakes: readonly Quake[];
  /** Key of the quake on the screen. */
  shown: string | null;
  /** Key of the notice in the banner, which may lie over a screen that only informs. */
  banner: string | null;
  /** Device ms of the last heartbeat. */
  heartbeatAt: number | null;
  /** Nothing has come for two heartbeats. */
  lost: boolean;
  /** The connection has ended, and no heartbeat has come since. */
  closed: boolean;
  /** What the server reports of itself; null: nothing received, or an older one without it. */
  server: Server | null;
  /** What the server sends cannot be verified: its key is not listed, or its messages are wrong. */
  untrusted: Distrust | null;
  /** The server's date is not the device's: real alerts would be refused. */
  drillsOnly: boolean;
  /** The device's clock is not that of the server: an old alert might be taken for a new one. */
  clockOff: boolean;
  /** The notices that have sounded lately. */
  tones: readonly Tone[];
  /** Of the last step, once the server's clock was known. */
  clock: number | null;
  history: readonly Entry[];
}

export interface Distrust {
  why: "key" | "signature";
  /** Device ms of the last such message. */
  at: number;
}

/**
 * Whether a tone would sound: the browser plays, waits for a first touch (locked), was playing
 * and has been stopped by the device, as by a telephone call (interrupted), or cannot play at all.
 */
export type SoundState = "running" | "locked" | "interrupted" | "missing";

/** What a map shows. */
export interface Scene {
  place: (Point & { name: string }) | null;
  source: (Point & { depthKm: number; t0: number }) | null;
  /** Half of the map's smaller side; null: as much as place and source need. */
  radiusKm: number | null;
}
