/**
 * What the tests must know of a language: the table [wording] of its file.
 * A pattern matches the words by which this language would say so.
 */

import { CODES, type Code } from "../languages/table";

export interface Wording {
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

/** All that stands in the file of a language. */
export interface Own {
  readonly wording: Readonly<Record<string, string>>;
  readonly pages?: Readonly<Record<string, string>>;
  readonly sensor?: Readonly<Record<string, string>>;
  readonly status?: Readonly<Record<string, string>>;
}

const FILES = import.meta.glob<Own>("../languages/*.toml", {
  query: "?own",
  eager: true,
  import: "default",
});

export function ownOf(code: Code): Own {
  return FILES[`../languages/${code}.toml`]!;
}

export const WORDING = Object.fromEntries(
  CODES.map((code) => [code, wordingOf(ownOf(code).wording)]),
) as Readonly<Record<Code, Wording>>;

function wordingOf(table: Own["wording"]): Wording {
  const pattern = (name: string) => new RegExp(table[name]!, "iu");
  return {
    safe: pattern("safe"),
    calming: pattern("calming"),
    forbidden: pattern("forbidden"),
    nothingToDo: pattern("nothing-to-do"),
    noWarning: pattern("no-warning"),
    shaking: new RegExp(`^(${table["shaking"]})$`, "iu"),
  };
}
