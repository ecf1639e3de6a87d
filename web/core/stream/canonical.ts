/** JSON as RFC 8785 (JCS) writes it: sorted keys, no spaces, numbers as ECMAScript prints them. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") return `{${members(value).join(",")}}`;
  if (typeof value === "number" && !Number.isFinite(value)) throw new Error("number not finite");
  return JSON.stringify(value);
}

function members(record: { [key: string]: Json }): string[] {
  // The default sort compares UTF-16 code units, which is what the RFC asks for.
  return Object.keys(record)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(record[key] as Json)}`);
}
