/** Our intensity palette (clients.md 11): every class a number, a word, a shape and a tested colour. */

import type { Key } from "../../languages/language";
import type { Shape } from "./shape";

export interface IntensityClass {
  roman: string;
  colour: string;
  text: string;
  word: Key;
  shape: Shape;
}

const BLACK = "#000000";
const WHITE = "#FFFFFF";

export const CLASSES: readonly IntensityClass[] = [
  { roman: "I", colour: "#FFFFFF", text: BLACK, word: "mmi.1", shape: "circle" },
  { roman: "II", colour: "#FFFFFF", text: BLACK, word: "mmi.2", shape: "circle" },
  { roman: "III", colour: "#F3F2A9", text: BLACK, word: "mmi.3", shape: "circle" },
  { roman: "IV", colour: "#FFDF5C", text: BLACK, word: "mmi.4", shape: "circle" },
  { roman: "V", colour: "#F8A600", text: BLACK, word: "mmi.5", shape: "diamond" },
  { roman: "VI", colour: "#E6771E", text: BLACK, word: "mmi.6", shape: "triangle" },
  { roman: "VII", colour: "#A62B1F", text: WHITE, word: "mmi.7", shape: "octagon" },
  { roman: "VIII", colour: "#7B1147", text: WHITE, word: "mmi.8", shape: "octagon" },
  { roman: "IX", colour: "#45115F", text: WHITE, word: "mmi.9", shape: "octagon" },
  { roman: "X", colour: "#12061F", text: WHITE, word: "mmi.10", shape: "octagon" },
];

/** The class of an MMI, rounded to the nearest: 6.4 is VI. */
export function classOf(mmi: number): IntensityClass {
  const index = Math.min(10, Math.max(1, Math.round(mmi))) - 1;
  return CLASSES[index]!;
}
