/**
 * What the tests must know of a language: one row for each of languages/table.ts.
 * A pattern matches the words by which this language would say so.
 */

import { type Code, LANGUAGES } from "../languages/table";

export interface Wording {
  /** Letters of its script: each of its texts has one. */
  readonly script: RegExp;
  /** "You are safe", "there is no danger": what only a cancelled alert may say. */
  readonly safe: RegExp;
  /** Whatever of a cancelled alert reassures: also "carry on", "no earthquake". */
  readonly calming: RegExp;
  /** "Investigating", "well done", "do not panic": what no text says. */
  readonly forbidden: RegExp;
  /** "You need not do anything": what no text says while an earthquake may grow. */
  readonly nothingToDo: RegExp;
  /** "No warning will come". */
  readonly noWarning: RegExp;
  /** What "Strong shaking" says beside the word of the intensity. */
  readonly shaking: RegExp;
}

const LATIN = /\p{Script=Latin}/u;
const HAN = /\p{Script=Han}/u;

export const WORDING: Readonly<Record<Code, Wording>> = {
  en: {
    script: LATIN,
    safe: /\bsafe\b/i,
    calming: /\bsafe\b|carry on|no earthquake/i,
    forbidden: /investigat|well done|panic/i,
    nothingToDo: /do not need to|nothing to do/i,
    noWarning: /No warning will come/,
    shaking: /^shaking$/i,
  },
  "zh-CN": {
    script: HAN,
    safe: /安全|没有危险/,
    calming: /安全|没有危险|恢复正常|没有发生地震/,
    forbidden: /调查|恐慌/,
    nothingToDo: /不需要|无需|不必/,
    noWarning: /不会发出预警|不会有预警/,
    shaking: /^晃动$/,
  },
};

/** Texts in which a language stands in its own script: the list of languages has all of them. */
const SCRIPTS = [...new Set(Object.values(WORDING).map(({ script }) => script))];

/** Scripts of other languages that must not be mixed in; Latin stands for units and names. */
export function foreign(code: Code): readonly RegExp[] {
  return SCRIPTS.filter((script) => script !== WORDING[code].script && script !== LATIN);
}

/** How long one line of the action may be: 4 words, or 12 characters without spaces. */
export function fitsAction(code: Code, line: string): boolean {
  return LANGUAGES[code].spaced ? line.split(" ").length <= 4 : line.length <= 12;
}
