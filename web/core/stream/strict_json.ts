/** JSON in which no object names a member twice: else two readers may read two different things. */

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

/** The value; undefined where the text is no JSON, or has a name twice. */
export function parseStrictly(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return hasTwice(text) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Of text that is JSON. */
function hasTwice(text: string): boolean {
  const open: Set<string>[] = [];
  let last = "";
  for (const token of text.match(TOKEN) ?? []) {
    if (token === "{" || token === "[") open.push(new Set());
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const names = open[open.length - 1]!;
      const name = JSON.parse(last) as string;
      if (names.has(name)) return true;
      names.add(name);
    }
    last = token;
  }
  return false;
}
