/** What a station's or a source's state means, and what to do about it. */

interface Meaning {
  readonly rank: number;
  readonly what: string;
}

/** The worst first. */
const STATIONS: Readonly<Record<string, Meaning>> = {
  never: { rank: 0, what: "Nothing has come. Run forewave check; look at the source's list of stations." },
  silent: { rank: 1, what: "Nothing comes any more. Look at power, telemetry and the server." },
  unusable: { rank: 2, what: "Cannot be used. Look at what was refused, and at the gain." },
  stuck: { rank: 3, what: "Always the same value. Look at sensor and cable." },
  changed: { rank: 4, what: "Noise is far from its own usual level. Look at sensor and cable." },
  clock: { rank: 5, what: "Its time is wrong. Look at its GPS antenna or NTP." },
  clipped: { rank: 6, what: "The sensor is at its limit." },
  late: { rank: 7, what: "Data come more than 5 s late. Use shorter packets or a faster link." },
  gappy: { rank: 8, what: "More than one sample in twenty is missing. Look at the telemetry." },
  noisy: { rank: 9, what: "Noisy, so it says less. Find a calmer place." },
  good: { rank: 10, what: "" },
};

const SOURCES: readonly string[] = ["lost", "connecting", "idle", "live"];

export function stationRank(state: string): number {
  return STATIONS[state]?.rank ?? -1;
}

export function stationAdvice(state: string): string {
  return STATIONS[state]?.what ?? "";
}

export function sourceRank(state: string): number {
  return SOURCES.indexOf(state);
}
