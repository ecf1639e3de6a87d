/** Numbers as text. A number that is not known is a dash, never 0. */

import type { Words } from "./words";

export const UNKNOWN = "–";

/** 0.0123 -> "12 ms", 3.456 -> "3.5 s", 4000 -> "67 min". */
export function seconds(t: Words, value: number | null): string {
  if (value === null) return UNKNOWN;
  const size = Math.abs(value);
  if (size > 0 && size < 0.001) return t("unit.under");
  if (size < 1) return t("unit.ms", { n: Math.round(value * 1000) });
  if (size < 120) return t("unit.s", { n: value.toFixed(1) });
  if (size < 7200) return t("unit.min", { n: (value / 60).toFixed(0) });
  return t("unit.h", { n: (value / 3600).toFixed(1) });
}

/** Acceleration in gal (cm/s²), as operators know it, in three figures. */
export function gal(ms2: number | null): string {
  return ms2 === null ? UNKNOWN : Number((ms2 * 100).toPrecision(3)).toString();
}

export function share(value: number | null): string {
  return value === null ? UNKNOWN : `${Math.round(value * 100)} %`;
}

/** {"wrong rate": 3, duplicate: 20} -> "duplicate 20, wrong rate 3". */
export function counted(t: Words, table: Readonly<Record<string, number>>): string {
  const rows = Object.entries(table).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return rows.length ? rows.map(([name, n]) => `${name} ${n}`).join(", ") : t("none");
}

/** 1700000000 -> "22:13:20 UTC". */
export function clockTime(posix: number): string {
  return `${new Date(posix * 1000).toISOString().slice(11, 19)} UTC`;
}
