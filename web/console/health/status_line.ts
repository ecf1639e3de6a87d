/** The status page's first line: whether the server would warn now. */

import { isSpaced } from "../../languages/table";
import type { Words } from "../common/words";
import type { Report } from "./report";

/** well: it would; then, and only then, the line is green. */
export interface StatusLine {
  readonly well: boolean;
  readonly text: string;
}

/** lost: the server does not answer, so that the last report is out of date. */
export function statusLine(t: Words, report: Report | null, lost: boolean): StatusLine {
  if (lost || !report) return { well: false, text: t("unknown") };
  const { alive, ready, mode = "actual" } = report;
  const needs = report.missing.map((need) => t.term("need", need)).join(", ");
  const missing = needs ? [t("missing", { what: needs })] : [];
  const stuck = alive ? [] : [t("stuck")];
  const only = mode === "test" ? [t("only.test")] : mode === "drill" ? [t("only.drill")] : [];
  if (alive && ready) return { well: only.length === 0, text: only[0] ?? t("ready") };
  return { well: false, text: joined(t, t("not-ready"), ...missing, ...stuck, ...only) };
}

/** Sentences one after the other. */
export function joined(t: Words, ...sentences: string[]): string {
  return sentences.join(isSpaced(t.language) ? " " : "");
}
