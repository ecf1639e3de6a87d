/** What a person should look at, in the page's language. */

import type { Report } from "./report";
import type { Words } from "./words";

export interface Lines {
  readonly language: string;
  readonly lines: readonly string[];
}

/**
 * English as the server writes it. In other languages composed from the report's figures; where
 * these do not make as many lines, the server knows something that we do not, and its own words stand.
 */
export function problems(t: Words, report: Report): Lines {
  const lines = t.language === "en" ? [] : [...ownLines(t, report)];
  if (lines.length !== report.problems.length) return { language: "en", lines: report.problems };
  return { language: t.language, lines };
}

function* ownLines(t: Words, report: Report): Iterable<string> {
  if (!report.alive) yield t("problem.stuck");
  const lost = report.sources.filter((source) => source.state !== "live");
  const of = { n: lost.length, all: report.sources.length };
  if (lost.length) yield t("problem.sources", { ...of, one: lost[0]!.source });
  const away = report.stations.filter((station) => !station.counts);
  const among = { n: away.length, all: report.stations.length };
  if (away.length) yield t("problem.stations", { ...among, one: away[0]!.code });
  const { state, behind } = report.clock;
  if (state === "behind") yield t("problem.behind", { seconds: behind.toFixed(1) });
  else if (state !== "good") yield t("problem.clock", { state: t.term("clock", state) });
  for (const [where, why] of Object.entries(report.keeping))
    if (why) yield t("problem.kept", { where: t.term("keeping", where), why });
}
