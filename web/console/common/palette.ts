/** Colours for what is drawn on a canvas: of the style sheet, and of intensities. */

import { CLASSES } from "../../core/words/intensity";

const NAMES = [
  ...(["sea", "land", "lake", "coast", "border", "town", "label", "halo"] as const),
  ...(["idle", "away", "pick", "loose", "p", "s", "source", "trail", "outline"] as const),
  ...(["strip", "bare"] as const),
];

export type Palette = Readonly<Record<(typeof NAMES)[number], string>> & {
  /** By class of intensity, from 0 (MMI I). */
  readonly classes: readonly string[];
};

/** What the style sheet says now, as "--live-sea". */
export function palette(element: Element): Palette {
  const style = getComputedStyle(element);
  const colours = NAMES.map((name) => [name, style.getPropertyValue(`--live-${name}`).trim()]);
  const named: Partial<Palette> = {};
  for (const [name, colour] of colours) Object.assign(named, { [name!]: colour });
  return { ...(named as Palette), classes: CLASSES.map(({ colour }) => colour) };
}

/** The class of an MMI, from 0. */
export function classIndex(mmi: number): number {
  return Math.min(10, Math.max(1, Math.round(mmi))) - 1;
}

/** "#F8A600" -> [248, 166, 0]. */
export function rgb(colour: string): readonly [number, number, number] {
  const n = Number.parseInt(colour.slice(1), 16);
  return [(n >> 16) & 255, (n >> 8) & 255, n & 255];
}
