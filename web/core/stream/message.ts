/**
 * The signed alert message: what it holds, and whether to believe it.
 *
 * A message is believed when its fields are of the right kind, its key is one that the server
 * named, and the Ed25519 signature over the canonical bytes of all fields but `sig` is right.
 * Whether it is too old, from the future or already known is for the reducer (state.ts), which
 * has the clock. Unknown fields are kept for the signature and otherwise ignored.
 */

import { PUBLIC_KEY_LENGTH, SIGNATURE_LENGTH, verify } from "@stablelib/ed25519";
import { fromBase64url } from "./base64url";
import { canonical, type Json } from "./canonical";
import { parseStrictly } from "./strict_json";

/** No sender's message is longer, in bytes; what is may only keep a device busy. */
const LONGEST = 1000;
export type Mode = "actual" | "drill" | "test";
export type Kind = "new" | "update" | "cancel" | "follow_up";

/** Times are server milliseconds; degrees; km. A number that the sender does not know is null. */
export interface Message {
  id: string;
  n: number;
  mode: Mode;
  kind: Kind;
  why: "false" | "smaller" | null;
  level: "aware" | "action";
  t0: number | null;
  st: number;
  lat: number | null;
  lon: number | null;
  sxy: number;
  dep: number;
  m: number | null;
  line: [number, number, number, number, number] | null;
  cells: { [geohash: string]: number };
  /** MMI by which the source is felt stronger than m explains. */
  b: number;
  /** Number of stations it is based on; null where the sender does not give it. */
  ns: number | null;
  /** Of a notice: whom it concerns, as latitude, longitude, radius. */
  near: [number, number, number] | null;
  /** Of a notice: "phones" where no station has spoken, only phones. */
  by: "phones" | null;
  iss: number;
  exp: number;
}

export type Keys = { readonly [keyId: string]: string };
export type Refusal = "not json" | "malformed" | "unknown key" | "bad signature";
export type ReadResult = { ok: true; message: Message } | { ok: false; why: Refusal };

type Fields = { [key: string]: Json };

export function read(text: string, keys: Keys): ReadResult {
  const fields = parse(text);
  if (!fields) return { ok: false, why: "not json" };
  const refusal = checkSignature(fields, keys);
  if (refusal) return { ok: false, why: refusal };
  const message = toMessage(fields);
  return message ? { ok: true, message } : { ok: false, why: "malformed" };
}

function parse(text: string): Fields | null {
  const value = text.length <= LONGEST ? parseStrictly(text) : undefined;
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return isRecord ? (value as Fields) : null;
}

function checkSignature(fields: Fields, keys: Keys): Refusal | null {
  const { sig, ...signed } = fields;
  if (typeof sig !== "string" || typeof signed["key"] !== "string") return "malformed";
  const listed = Object.prototype.hasOwnProperty.call(keys, signed["key"]);
  const key = listed ? fromBase64url(keys[signed["key"]] as string) : null;
  if (key?.length !== PUBLIC_KEY_LENGTH) return "unknown key";
  const signature = fromBase64url(sig);
  if (signature?.length !== SIGNATURE_LENGTH) return "bad signature";
  const bytes = bytesOf(signed);
  if (bytes === null) return "malformed";
  return verify(key, bytes, signature) ? null : "bad signature";
}

/** What is signed; null where a number is too large to be one (1e400). */
function bytesOf(signed: Fields): Uint8Array | null {
  try {
    return new TextEncoder().encode(canonical(signed));
  } catch {
    return null;
  }
}

function toMessage(fields: Fields): Message | null {
  const iss = number(fields["iss"]);
  const exp = number(fields["exp"]);
  const n = number(fields["n"]);
  const mode = oneOf(fields["mode"], ["actual", "drill", "test"] as const);
  const kind = oneOf(fields["kind"], ["new", "update", "cancel", "follow_up"] as const);
  const id = fields["id"];
  if (fields["v"] !== 1 || typeof id !== "string" || id === "") return null;
  if (iss === null || exp === null || n === null || mode === null || kind === null) return null;
  return { id, n, mode, kind, iss, exp, ...source(fields, exp) };
}

function source(
  fields: Fields,
  exp: number,
): Omit<Message, "id" | "n" | "mode" | "kind" | "iss" | "exp"> {
  return {
    why: oneOf(fields["why"], ["false", "smaller"] as const),
    level: oneOf(fields["level"], ["aware", "action"] as const) ?? "aware",
    t0: begun(number(fields["t0"]), exp),
    st: number(fields["st"]) ?? 0,
    lat: number(fields["lat"], 90),
    lon: number(fields["lon"], 180),
    sxy: number(fields["sxy"]) ?? 0,
    dep: Math.max(0, number(fields["dep"]) ?? 10),
    m: number(fields["m"], 11),
    line: line(fields["line"]),
    cells: cells(fields["cells"]),
    b: number(fields["b"], 5) ?? 0,
    ns: number(fields["ns"]),
    near: near(fields["near"]),
    by: oneOf(fields["by"], ["phones"] as const),
  };
}

function number(value: Json | undefined, limit = Infinity): number | null {
  const good = typeof value === "number" && Number.isFinite(value) && Math.abs(value) <= limit;
  return good ? value : null;
}

/** An origin after the message has expired is none: nothing is counted down to it. */
function begun(t0: number | null, exp: number): number | null {
  return t0 !== null && t0 <= exp ? t0 : null;
}

function oneOf<T extends string>(value: Json | undefined, allowed: readonly T[]): T | null {
  return allowed.find((word) => word === value) ?? null;
}

function line(value: Json | undefined): Message["line"] {
  const limits = [90, 180, 90, 180, 1000];
  const good = Array.isArray(value) && value.length === 5;
  const within = good && value.every((v, i) => number(v, limits[i]) !== null);
  return within ? (value as [number, number, number, number, number]) : null;
}

function near(value: Json | undefined): Message["near"] {
  const good = Array.isArray(value) && value.length === 3 && value.every((v) => number(v) !== null);
  return good ? (value as [number, number, number]) : null;
}

function cells(value: Json | undefined): Message["cells"] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  const seen: Message["cells"] = {};
  for (const [cell, intensity] of Object.entries(value)) {
    if (number(intensity, 12) !== null) seen[cell] = intensity as number;
  }
  return seen;
}
