/** Was it right? What was forecast of an earthquake against what came of it. Pure. */

import type { Key } from "../../languages/language";
import type { Entry } from "../alert/model";

/** MMI by which a forecast may differ from what a person felt: answers are whole classes. */
const RIGHT_MMI = 1;
/** The same between the first and the last forecast. */
const KEPT_MMI = 0.5;

/** null: nothing can be said of it. */
export function verdict(entry: Entry): Key | null {
  const { mode, outcome, told = 0, firstMmi, mmi, felt, single } = entry;
  if (mode !== "actual" || single) return null;
  if (outcome === "cancelled") return told > 0 ? "right.false" : null;
  if (firstMmi === undefined) return null;
  if (felt !== undefined) return compared(felt - firstMmi, RIGHT_MMI, "felt");
  return mmi === undefined ? null : compared(mmi - firstMmi, KEPT_MMI, "later");
}

function compared(more: number, within: number, by: "felt" | "later"): Key {
  if (Math.abs(more) <= within) return `right.${by}`;
  return more > 0 ? `right.weak.${by}` : `right.strong.${by}`;
}
