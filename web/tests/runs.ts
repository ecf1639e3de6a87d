/** How thorough to be: in full, or less where a quick answer is wanted, as in `make test`. */

const PART = Number(process.env["FOREWAVE_RUNS"] ?? 1);

/** How often a property is tried, which is so often in full. */
export function runs(full: number): number {
  return Math.max(Math.min(full, 50), Math.ceil(full * PART));
}

/** Of the cases that are looked at in full every one, or every so many. */
export const EVERY = Math.round(1 / PART);
