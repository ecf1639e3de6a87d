/** The content of /status.json (health/report.py); unknown fields are ignored. */

export interface Station {
  readonly code: string;
  readonly state: string;
  readonly counts: boolean;
  readonly latest: number | null;
  readonly quiet: number | null;
  readonly latency: number | null;
  readonly noise_ms2: number | null;
  readonly usual_ms2: number | null;
  readonly well: number | null;
  readonly ahead: number;
  readonly residual: number | null;
  readonly picks: number;
  readonly dropped: Readonly<Record<string, number>>;
}

export interface Source {
  readonly source: string;
  readonly state: string;
  readonly reason: string;
  readonly since: number;
  readonly last: number | null;
  readonly packets: number;
  readonly waiting: number;
  readonly connections: number;
  readonly dropped: Readonly<Record<string, number>>;
}

export interface Stage {
  readonly stage: string;
  readonly what: string;
  readonly p50: number | null;
  readonly p99: number | null;
  readonly counts: { readonly count: number; readonly total: number; readonly largest: number };
}

export interface Clock {
  readonly state: string;
  readonly reason: string;
  readonly synchronised: boolean | null;
  readonly offset: number;
  readonly jumps: number;
  readonly behind: number;
}

export interface Report {
  readonly now: number;
  readonly started: number;
  readonly alive: boolean;
  readonly ready: boolean;
  readonly missing: readonly string[];
  readonly problems: readonly string[];
  readonly stations: readonly Station[];
  readonly sources: readonly Source[];
  readonly stages: readonly Stage[];
  readonly dropped: Readonly<Record<string, number>>;
  readonly alerts: Readonly<Record<string, number>>;
  readonly clock: Clock;
  readonly keeping: Readonly<Record<string, string>>;
  /** Of alerts that are issued; absent from an older server. */
  readonly mode?: string;
}
