/** What the server's console sends (console/board.py). Unknown fields are ignored. Times are ms. */

/** Row of the station, intensity now, its peak (MMI; null: not felt), condition, latency in s. */
export type RowWire = readonly [number, number | null, number | null, string, number | null];
/** Number, row of the station, phase, time. */
export type PickWire = readonly [number, number, "P" | "S", number];
/** Number of a pick, residual in seconds, whether it is used. */
export type ArrivalWire = readonly [number, number, boolean];
/** n, issued, origin, lat, lon, depth, sigma of the epicentre, M, its sigma, likelihood, picks. */
export type VersionWire = readonly [
  ...[number, number, number, number, number, number, number],
  ...[number, number, number, number],
];

export interface EventWire {
  readonly event: string;
  readonly versions: readonly VersionWire[];
  readonly arrivals: readonly ArrivalWire[];
  readonly time_sigma: number;
  readonly depth_sigma_km: number;
  readonly line: readonly [number, number, number, number] | null;
  readonly gone: string | null;
}

export interface Lags {
  readonly evaluated: number | null;
  readonly recorded: number | null;
  readonly sent: number | null;
}

export interface MessageWire {
  readonly id: string;
  readonly event: string;
  readonly n: number;
  readonly kind: string;
  readonly mode: string;
  readonly level: string;
  readonly why: string | null;
  readonly issued: number;
  readonly t0: number;
  readonly lat: number;
  readonly lon: number;
  readonly magnitude: number;
  readonly intensity: number;
  readonly stations: number;
  readonly bytes: number;
  readonly devices: number;
  readonly since_origin: number;
  readonly picked: number | null;
  readonly lags: Lags;
}

export interface Facts {
  readonly devices?: number;
  readonly state?: string;
  readonly missing?: readonly string[];
}

/** A hello has everything, a frame what has changed. */
export interface FrameWire {
  readonly type: "hello" | "frame";
  readonly n: number;
  readonly now: number;
  readonly stations?: readonly (readonly [string, number, number])[];
  readonly rows?: readonly RowWire[];
  readonly picks?: readonly PickWire[];
  readonly withdrawn?: readonly number[];
  readonly events?: readonly EventWire[];
  readonly messages?: readonly MessageWire[];
  readonly facts?: Facts;
}

/** A frame, if the text is one. */
export function readFrame(text: string): FrameWire | null {
  try {
    const frame = JSON.parse(text) as Partial<FrameWire> | null;
    const known = frame?.type === "hello" || frame?.type === "frame";
    return known && typeof frame.now === "number" ? (frame as FrameWire) : null;
  } catch {
    return null;
  }
}
