/** All that the console knows, brought up to date frame by frame. No clock, no screen. */

import type { Point } from "../../core/forecast/distance";
import type { EventWire, Facts, FrameWire, MessageWire, RowWire, VersionWire } from "./wire";

export interface Version extends Point {
  readonly n: number;
  readonly at: number;
  readonly t0: number;
  readonly depthKm: number;
  readonly sigmaKm: number;
  readonly magnitude: number;
  readonly magnitudeSigma: number;
  readonly likelihood: number;
  readonly picks: number;
}

export interface SeenEvent {
  readonly id: string;
  readonly versions: readonly Version[];
  readonly last: Version;
  readonly timeSigma: number;
  readonly depthSigmaKm: number;
  readonly line: readonly [number, number, number, number] | null;
  readonly gone: string | null;
}

/** event: that has it among its picks; null: unassociated. */
export interface SeenPick {
  readonly n: number;
  readonly row: number;
  readonly phase: "P" | "S";
  readonly at: number;
  event: string | null;
  residual: number | null;
}

export interface SeenStation extends Point {
  readonly row: number;
  readonly code: string;
  /** MMI; null: not felt. */
  level: number | null;
  peak: number | null;
  condition: string;
  latency: number | null;
  /** The last pick of each phase. */
  p: SeenPick | null;
  s: SeenPick | null;
}

const PICKS_KEPT_MS = 300_000;
const MOST_PICKS = 12_000;
const MOST_MESSAGES = 200;
const MOST_VERSIONS = 300;
const EVENT_QUIET_MS = 900_000;

/** Within this time after a pick of an event another one is of the same earthquake. */
const SAME_MS = 60_000;

export class Board {
  stations: SeenStation[] = [];
  picks: SeenPick[] = [];
  events: SeenEvent[] = [];
  /** The newest last. */
  messages: MessageWire[] = [];
  facts: Facts = {};
  /** Server time of the last frame, ms; 0: none yet. */
  now = 0;
  /** Grows with every change of a station or pick. */
  revision = 0;
  /** Grows whenever the stations are others than before, or elsewhere. */
  network = 0;
  private known = "[]";
  private byNumber = new Map<number, SeenPick>();

  apply(frame: FrameWire): void {
    if (frame.type === "hello") this.begin(frame);
    this.now = frame.now;
    for (const row of frame.rows ?? []) this.row(row);
    for (const [n, row, phase, at] of frame.picks ?? []) this.pick(n, row, phase, at);
    for (const n of frame.withdrawn ?? []) this.withdraw(n);
    for (const event of frame.events ?? []) this.event(event);
    for (const message of frame.messages ?? []) this.message(message);
    if (frame.facts) this.facts = frame.facts;
    if (frame.rows || frame.picks || frame.withdrawn || frame.events) this.revision++;
    this.forget();
  }

  /** The event to show first: the last that stands, else the last. */
  get main(): SeenEvent | null {
    const standing = this.events.filter((event) => event.gone === null);
    return [...(standing.length ? standing : this.events)].sort(byStrength)[0] ?? null;
  }

  private begin(frame: FrameWire): void {
    const known = JSON.stringify(frame.stations ?? []);
    if (known !== this.known) this.network++;
    this.known = known;
    this.stations = (frame.stations ?? []).map(([code, lat, lon], row) => ({
      ...{ row, code, lat, lon, condition: "never" },
      ...{ level: null, peak: null, latency: null, p: null, s: null },
    }));
    this.picks = [];
    this.byNumber = new Map();
    this.events = [];
    this.messages = [];
    this.revision++;
  }

  private row([row, level, peak, condition, latency]: RowWire): void {
    const station = this.stations[row];
    if (station) Object.assign(station, { level, peak, condition, latency });
  }

  private pick(n: number, row: number, phase: "P" | "S", at: number): void {
    const station = this.stations[row];
    if (!station || this.byNumber.has(n)) return;
    const pick: SeenPick = { n, row, phase, at, event: null, residual: null };
    this.byNumber.set(n, pick);
    this.picks.push(pick);
    const before = phase === "P" ? station.p : station.s;
    // What an event uses stays: the same waves are often picked again.
    if (before && before.event !== null && at - before.at < SAME_MS) return;
    if (phase === "P") station.p = pick;
    else station.s = pick;
  }

  private withdraw(n: number): void {
    const pick = this.byNumber.get(n);
    if (pick) this.drop([pick]);
  }

  private event(wire: EventWire): void {
    const before = this.events.find((event) => event.id === wire.event);
    const known = new Set(before?.versions.map((version) => version.n));
    const fresh = wire.versions.map(version).filter((each) => !known.has(each.n));
    const versions = [...(before?.versions ?? []), ...fresh].slice(-MOST_VERSIONS);
    const last = versions[versions.length - 1];
    if (!last) return;
    const seen: SeenEvent = {
      ...{ id: wire.event, versions, last, line: wire.line, gone: wire.gone },
      ...{ timeSigma: wire.time_sigma, depthSigmaKm: wire.depth_sigma_km },
    };
    this.events = [...this.events.filter((event) => event !== before), seen];
    this.associate(wire);
  }

  /** The picks that the event has now, and no longer those that it had. */
  private associate(wire: EventWire): void {
    for (const pick of this.picks) if (pick.event === wire.event) pick.event = null;
    if (wire.gone !== null) return;
    for (const [n, residual] of wire.arrivals) {
      const pick = this.byNumber.get(n);
      if (pick) Object.assign(pick, { event: wire.event, residual });
    }
  }

  private message(message: MessageWire): void {
    if (this.messages.some((known) => known.id === message.id)) return;
    this.messages = [...this.messages, message].slice(-MOST_MESSAGES);
  }

  /** What is older than it is of use: the page may be open for months. */
  private forget(): void {
    const before = this.now - PICKS_KEPT_MS;
    const late = this.picks.length - MOST_PICKS;
    const old = this.picks.filter((pick, at) => pick.at < before || at < late);
    if (old.length > 0) this.drop(old);
    const quiet = (event: SeenEvent) => this.now - event.last.at > EVENT_QUIET_MS;
    if (this.events.some(quiet)) this.events = this.events.filter((event) => !quiet(event));
  }

  private drop(gone: readonly SeenPick[]): void {
    const numbers = new Set(gone.map((pick) => pick.n));
    this.picks = this.picks.filter((pick) => !numbers.has(pick.n));
    for (const { n, row } of gone) {
      this.byNumber.delete(n);
      const station = this.stations[row];
      if (station?.p?.n === n) station.p = null;
      if (station?.s?.n === n) station.s = null;
    }
  }
}

function byStrength(a: SeenEvent, b: SeenEvent): number {
  return b.last.magnitude - a.last.magnitude || b.last.at - a.last.at;
}

function version(wire: VersionWire): Version {
  const [n, at, t0, lat, lon, depthKm, sigmaKm, magnitude, magnitudeSigma, likelihood, picks] =
    wire;
  return {
    ...{ n, at, t0, lat, lon, depthKm, sigmaKm },
    ...{ magnitude, magnitudeSigma, likelihood, picks },
  };
}
