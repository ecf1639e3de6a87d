/** The results of the self-check, as the person answered or as was measured. On this device only. */

import { load, save } from "../storage/store";

export const CHECKS = ["connection", "clock", "sound", "vibration", "push", "screen"] as const;
export type Check = (typeof CHECKS)[number];

export interface Result {
  works: boolean;
  /** Device ms. */
  at: number;
  /** ms that a notification took. */
  took?: number;
}

export type Results = Partial<Record<Check, Result>>;

export function readResults(stored: unknown): Results {
  const given = (typeof stored === "object" && stored !== null ? stored : {}) as Results;
  const results: Results = {};
  for (const name of CHECKS) {
    const one = given[name];
    if (typeof one?.works !== "boolean" || typeof one.at !== "number") continue;
    const took = typeof one.took === "number" ? { took: one.took } : {};
    results[name] = { works: one.works, at: one.at, ...took };
  }
  return results;
}

export function loadResults(): Results {
  return readResults(load("checked"));
}

export function saveResults(results: Results): void {
  save("checked", results);
}
