/** The synthesized words of a language, from the server. */

import { type Code, LANGUAGES } from "../../languages/table";
import { ask } from "../stream/http";

/** The languages that have a file in speech/. */
declare const __CLIPS__: readonly string[];

const PATIENCE_MS = 60_000;

/** null where there are none, or no answer. Kept by the browser as long as the texts are the same. */
export async function clipsOf(code: Code): Promise<ArrayBuffer | null> {
  if (__CLIPS__.indexOf(code) < 0) return null;
  const read = async (answer: Response) => (answer.ok ? answer.arrayBuffer() : null);
  return ask(`speech/${code}.clips?${LANGUAGES[code].version}`, {}, read, PATIENCE_MS);
}
