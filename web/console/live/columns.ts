/** The columns of the tables beside the pictures. */

import { distanceKm } from "../../core/forecast/distance";
import type { Column } from "../common/column";
import { clockTime, seconds, UNKNOWN } from "../common/figures";
import { stationRank } from "../common/states";
import type { Board, SeenEvent, SeenStation, Version } from "../feed/board";
import type { MessageWire } from "../feed/wire";
import {
  afterFirst,
  exactTime,
  intensity,
  kilometres,
  messageText,
  percent,
  residual,
} from "./texts";

/** A station, and its distance from the event that is shown. */
export interface StationRow {
  readonly station: SeenStation;
  readonly km: number | null;
}

export function stationRows({ stations, main }: Board): StationRow[] {
  return stations.map((station) => ({
    station,
    km: main ? distanceKm(main.last, station) : null,
  }));
}

export const LIVE_STATIONS: readonly Column<StationRow>[] = [
  { name: "column.station", text: ({ station }) => station.code },
  {
    name: "column.intensity.now",
    text: ({ station }) => intensity(station.level),
    by: ({ station }) => station.level ?? 0,
  },
  {
    name: "column.intensity.peak",
    text: ({ station }) => intensity(station.peak),
    by: ({ station }) => station.peak ?? 0,
  },
  {
    name: "column.distance",
    text: ({ km }, t) => kilometres(t, km),
    by: ({ km }) => km,
    kind: "number",
  },
  {
    name: "column.p",
    text: ({ station }) => (station.p ? exactTime(station.p.at) : UNKNOWN),
    by: ({ station }) => station.p?.at ?? null,
    kind: "number",
  },
  {
    name: "column.residual",
    text: ({ station }) => residual(station.p?.residual ?? null),
    by: ({ station }) => station.p?.residual ?? null,
    kind: "number",
  },
  {
    name: "column.s",
    text: ({ station }) => (station.s ? exactTime(station.s.at) : UNKNOWN),
    by: ({ station }) => station.s?.at ?? null,
    kind: "number",
  },
  {
    name: "column.state",
    text: ({ station }, t) => t.term("station", station.condition),
    by: ({ station }) => stationRank(station.condition),
  },
  {
    name: "column.latency",
    text: ({ station }, t) => seconds(t, station.latency),
    by: ({ station }) => station.latency,
    kind: "number",
  },
];

/** A version of the solution of an event. */
export interface VersionRow {
  readonly event: string;
  readonly version: Version;
}

export function versionRows(events: readonly SeenEvent[]): VersionRow[] {
  const rows: VersionRow[] = [];
  for (const { id, versions } of events)
    for (const version of versions) rows.push({ event: id, version });
  return rows;
}

export const VERSIONS: readonly Column<VersionRow>[] = [
  {
    name: "column.time",
    text: ({ version }) => clockTime(version.at / 1000),
    by: ({ version }) => version.at,
  },
  { name: "column.event", text: ({ event }) => event },
  {
    name: "column.version",
    text: ({ version }) => `${version.n}`,
    by: ({ version }) => version.n,
    kind: "number",
  },
  {
    name: "column.magnitude",
    text: ({ version }) => `${version.magnitude.toFixed(1)} ± ${version.magnitudeSigma.toFixed(1)}`,
    by: ({ version }) => version.magnitude,
    kind: "number",
  },
  {
    name: "column.lat",
    text: ({ version }) => version.lat.toFixed(2),
    by: ({ version }) => version.lat,
    kind: "number",
  },
  {
    name: "column.lon",
    text: ({ version }) => version.lon.toFixed(2),
    by: ({ version }) => version.lon,
    kind: "number",
  },
  {
    name: "column.uncertainty",
    text: ({ version }) => version.sigmaKm.toFixed(0),
    by: ({ version }) => version.sigmaKm,
    kind: "number",
  },
  {
    name: "column.depth",
    text: ({ version }, t) => kilometres(t, version.depthKm),
    by: ({ version }) => version.depthKm,
    kind: "number",
  },
  {
    name: "column.likelihood",
    text: ({ version }) => percent(version.likelihood),
    by: ({ version }) => version.likelihood,
    kind: "number",
  },
  {
    name: "column.used",
    text: ({ version }) => `${version.picks}`,
    by: ({ version }) => version.picks,
    kind: "number",
  },
];

export const MESSAGES: readonly Column<MessageWire>[] = [
  {
    name: "column.time",
    text: (m) => exactTime(m.issued),
    by: (m) => m.issued,
  },
  { name: "column.message", text: (m, t) => messageText(m, t), by: (m) => m.issued },
  {
    name: "column.magnitude",
    text: (m) => m.magnitude.toFixed(1),
    by: (m) => m.magnitude,
    kind: "number",
  },
  {
    name: "column.intensity.most",
    text: (m) => intensity(m.intensity),
    by: (m) => m.intensity,
  },
  {
    name: "column.after-origin",
    text: (m, t) => seconds(t, m.since_origin),
    by: (m) => m.since_origin,
    kind: "number",
  },
  {
    name: "column.after-first",
    text: (m, t) => seconds(t, afterFirst(m)),
    by: afterFirst,
    kind: "number",
  },
  {
    name: "column.evaluated",
    text: (m, t) => seconds(t, m.lags.evaluated),
    by: (m) => m.lags.evaluated,
    kind: "number",
  },
  {
    name: "column.recorded",
    text: (m, t) => seconds(t, m.lags.recorded),
    by: (m) => m.lags.recorded,
    kind: "number",
  },
  {
    name: "column.sent",
    text: (m, t) => seconds(t, m.lags.sent),
    by: (m) => m.lags.sent,
    kind: "number",
  },
  {
    name: "column.stations",
    text: (m) => `${m.stations}`,
    by: (m) => m.stations,
    kind: "number",
  },
  {
    name: "column.devices",
    text: (m) => `${m.devices}`,
    by: (m) => m.devices,
    kind: "number",
  },
  {
    name: "column.size",
    text: (m, t) => t("unit.bytes", { n: m.bytes }),
    by: (m) => m.bytes,
    kind: "number",
  },
  { name: "column.event", text: (m) => m.id },
];
