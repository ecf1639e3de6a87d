/** Tables that tests leave for the report on accessibility (../../tests/accessibility/report.py). */

import { mkdirSync, writeFileSync } from "node:fs";

/** Keeps them where somebody asked for the report. */
export function keepTable(name: string, rows: readonly object[]): void {
  const folder = process.env["FOREWAVE_ACCESSIBILITY"];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${name}.json`, JSON.stringify(rows));
}
