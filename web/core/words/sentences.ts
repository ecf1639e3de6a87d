/** Two texts as two sentences: the first is given the stop that the second ends with. */
export function sentences(first: string, second: string): string {
  const stop = /[.。।]$/.exec(second)?.[0] ?? ".";
  return `${first}${stop}${stop === "。" ? "" : " "}${second}`;
}
