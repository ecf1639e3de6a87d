/**
 * The intensity scales in which a place's shaking is shown: number and word of the chosen scale, and
 * our colour. The same cards as src/forewave/shaking/intensity/; shared vectors hold both.
 *
 * A device knows MMI. Motion is taken back from it as in worden_2012.py, and each scale's own
 * relation takes it from there: JMA from velocity, China from both, Taiwan from one or the other.
 */

import type { Translate } from "../../languages/language";
import type { ScaleName } from "../alert/settings";
import { CLASSES, classOf } from "./intensity";
import type { Shape } from "./shape";

export interface IntensityWords {
  /** "5-", "VII"; as the scale writes it. */
  number: string;
  word: string;
  /** Background and text: ours for every scale, because these are tested. */
  colour: string;
  text: string;
  shape: Shape;
}

/** From which number of the scale, its label, and the class whose colour it has. */
type Level = readonly [least: number, label: string, class_: number];

interface Card {
  number(mmi: number): number;
  levels: readonly Level[];
}

const ROMAN = "I II III IV V VI VII VIII IX X XI XII".split(" ");
/** Of CLASSES, by degree: above X the scales have names, and we no darker colour. */
const DEGREES: readonly Level[] = ROMAN.map((label, i) => [i + 0.5, label, Math.min(i, 9)]);

const CARDS: Readonly<Record<ScaleName, Card>> = {
  mmi: { number: (mmi) => mmi, levels: DEGREES.slice(0, 10) },
  ems: { number: (mmi) => mmi, levels: DEGREES },
  gb: { number: gb, levels: DEGREES },
  jma: {
    number: (mmi) => 2.68 + 1.72 * Math.log10(pgv_cms(mmi)),
    levels: [
      ...([
        [-Infinity, "0", 0],
        [0.5, "1", 1],
        [1.5, "2", 2],
        [2.5, "3", 3],
      ] as const),
      ...([
        [3.5, "4", 4],
        [4.5, "5-", 5],
        [5, "5+", 6],
        [5.5, "6-", 7],
      ] as const),
      ...([
        [6, "6+", 8],
        [6.5, "7", 9],
      ] as const),
    ],
  },
  cwa: {
    number: cwa,
    levels: [
      ...([
        [0, "0", 0],
        [1, "1", 1],
        [2, "2", 2],
        [3, "3", 3],
        [4, "4", 4],
      ] as const),
      ...([
        [5, "5-", 5],
        [5.5, "5+", 6],
        [6, "6-", 7],
        [6.5, "6+", 8],
        [7, "7", 9],
      ] as const),
    ],
  },
};

/** null: no intensity is known. */
export function intensityWords(
  mmi: number | undefined,
  scale: ScaleName,
  t: Translate,
): IntensityWords | null {
  if (mmi === undefined || !(mmi >= 0)) return null;
  const index = levelIndex(mmi, scale);
  const [, number, class_] = CARDS[scale].levels[index] as Level;
  const { colour, text, word, shape } = CLASSES[class_]!;
  const words = scale === "mmi" || scale === "jma" ? t(word) : wordsOf(scale, t)[index];
  return { number, word: words ?? "", colour, text, shape };
}

/** On an alert: the scale's number beside the word, shape and colour by which the alert is known. */
export function alertIntensity(
  mmi: number | null,
  scale: ScaleName,
  t: Translate,
): IntensityWords | null {
  const shown = intensityWords(mmi ?? undefined, scale, t);
  if (!shown || mmi === null) return null;
  const { word, colour, text, shape } = classOf(mmi);
  return { ...shown, word: t(word), colour, text, shape };
}

/** The scale's own number, before it is put into a level. */
export function numberIn(scale: ScaleName, mmi: number): number {
  return CARDS[scale].number(Math.min(10, Math.max(1, mmi)));
}

function levelIndex(mmi: number, scale: ScaleName): number {
  const number = numberIn(scale, mmi);
  const { levels } = CARDS[scale];
  for (let i = levels.length - 1; i > 0; i -= 1) if (number >= levels[i]![0]) return i;
  return 0;
}

/** The names of a scale's levels stand in one text, as many as it has levels. */
export function wordsOf(scale: "gb" | "cwa" | "ems", t: Translate): string[] {
  return t(`scale.words.${scale}`).split("|");
}

/** Three lines of MMI by log10 of motion, and where they meet; worden_2012.py says whose. */
interface Lines {
  intercepts: readonly number[];
  slopes: readonly number[];
  splits: readonly number[];
}

const PGA: Lines = {
  intercepts: [1.71, 1.78, -1.6],
  slopes: [2.08, 1.55, 3.7],
  splits: [0.14, 1.57],
};
const PGV: Lines = {
  intercepts: [4.62, 3.78, 2.89],
  slopes: [2.17, 1.47, 3.16],
  splits: [-1.21, 0.53],
};

function motionOf({ intercepts, slopes, splits }: Lines, mmi: number): number {
  const corner = (i: number) => intercepts[i + 1]! + slopes[i + 1]! * splits[i]!;
  const piece = mmi >= corner(1) ? 2 : mmi >= corner(0) ? 1 : 0;
  return 10 ** ((mmi - intercepts[piece]!) / slopes[piece]!);
}

function pga_gal(mmi: number): number {
  return motionOf(PGA, mmi);
}

function pgv_cms(mmi: number): number {
  return motionOf(PGV, mmi);
}

/** GB/T 17742-2020, annex A: the mean of two, or velocity's alone from 6 on; motion in m/s. */
function gb(mmi: number): number {
  const byPga = 3.17 * Math.log10(pga_gal(mmi) / 100) + 6.59;
  const byPgv = 3 * Math.log10(pgv_cms(mmi) / 100) + 9.77;
  const strong = byPga >= 6 && byPgv >= 6;
  return Math.min(12, Math.max(1, strong ? byPgv : (byPga + byPgv) / 2));
}

/** Taiwan's scale of 2020: acceleration up to 80 gal, then velocity. */
function cwa(mmi: number): number {
  const reached = (value: number, edges: readonly number[]) =>
    edges.filter((edge) => value >= edge).length;
  const byPga = reached(pga_gal(mmi), [0.8, 2.5, 8, 25, 80]);
  if (byPga < 5) return byPga;
  return [4, 5, 5.5, 6, 6.5, 7][reached(pgv_cms(mmi), [15, 30, 50, 80, 140])] as number;
}

const EUROPE =
  "AD AL AT BA BE BG BY CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT " +
  "NL NO PL PT RO RS SE SI SK SM UA VA XK";
const OF_COUNTRY: Readonly<Record<string, ScaleName>> = { JP: "jma", CN: "gb", TW: "cwa" };

/** The scale that people of a country know. */
export function scaleOfCountry(country: string | undefined): ScaleName {
  if (country === undefined) return "mmi";
  const own = Object.prototype.hasOwnProperty.call(OF_COUNTRY, country);
  return (own && OF_COUNTRY[country]) || (EUROPE.split(" ").includes(country) ? "ems" : "mmi");
}

/** The country in a language tag such as "zh-Hant-TW"; where it has none, the language's first. */
export function countryOfTag(tag: string): string | undefined {
  const region = tag.split("-").find((part, i) => i > 0 && /^[A-Za-z]{2}$/.test(part));
  return region?.toUpperCase() ?? ({ ja: "JP", zh: "CN" } as const)[tag.toLowerCase()];
}
