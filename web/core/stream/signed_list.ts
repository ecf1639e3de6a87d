/**
 * The list of signing keys, signed by a root key that is kept offline, and whether to believe it.
 *
 * The rules are those of delivery/key_list.py: signed by a known root, over a domain and the
 * canonical bytes of all fields but `sig`; not older than the newest list seen, and not another one
 * of its version; not expired. Where no root was given, those of the first list are kept.
 */

import { PUBLIC_KEY_LENGTH, SIGNATURE_LENGTH, verify } from "@stablelib/ed25519";
import { fromBase64url } from "./base64url";
import { canonical, type Json } from "./canonical";
import type { Keys } from "./message";

const DOMAIN = "forewave key list 1\n";
const MOST = 64;
const MOST_REVOKED = 1000;

export type ListRefusal =
  | "malformed"
  | "unknown root"
  | "bad signature"
  | "older"
  | "conflict"
  | "expired";

interface ListedKey {
  id: string;
  key: string;
  from: number;
  until: number;
}

/** Times are milliseconds of POSIX time. */
export interface SignedList {
  n: number;
  until: number;
  keys: readonly ListedKey[];
  revoked: readonly string[];
  roots: readonly string[];
  root: string;
  sig: string;
  /** What is signed, unknown fields included. */
  signed: string;
}

type Fields = { [name: string]: Json };

/** What a device knows: its roots, and the newest list that it has believed. */
export class Follower {
  newest: SignedList | null = null;
  roots: readonly string[];

  /** given: public root keys that were set for this device; empty: trust on first use. */
  constructor(private readonly given: readonly string[] = []) {
    this.roots = given;
  }

  get hasRoot(): boolean {
    return this.given.length > 0 || this.newest !== null;
  }

  /** Believe a list from now on; else why not, and the last one stays. today: null: not known. */
  take(value: unknown, today: number | null): ListRefusal | null {
    const list = readList(value);
    if (!list) return "malformed";
    const refusal = this.refuse(list, today);
    if (refusal) return refusal;
    if (this.given.length === 0) this.roots = list.roots;
    this.newest = list;
    return null;
  }

  /** Go on with what was kept: the list and the roots of then, whether or not it has expired. */
  resume(value: unknown, roots: readonly string[]): void {
    const known = new Follower(this.given.length > 0 ? this.given : roots.filter(isKey));
    if (known.roots.length === 0 || known.take(value, null) !== null) return;
    this.newest = known.newest;
    if (this.given.length === 0) this.roots = known.roots;
  }

  private refuse(list: SignedList, today: number | null): ListRefusal | null {
    const roots = this.hasRoot ? this.roots : list.roots;
    if (!roots.includes(list.root)) return "unknown root";
    if (!isSigned(list)) return "bad signature";
    const before = this.newest;
    if (before && list.n < before.n) return "older";
    if (before && list.n === before.n && list.signed !== before.signed) return "conflict";
    return today !== null && today >= list.until ? "expired" : null;
  }

  /** The keys that may sign now; none where the list has expired. */
  keys(today: number | null): Keys {
    const list = this.newest;
    if (!list || (today !== null && today >= list.until)) return {};
    const valid: { [id: string]: string } = {};
    for (const { id, key, from, until } of list.keys) {
      const dated = today === null || (from <= today && today < until);
      if (dated && !list.revoked.includes(id)) valid[id] = key;
    }
    return valid;
  }
}

function isSigned({ root, sig, signed }: SignedList): boolean {
  const key = fromBase64url(root);
  const signature = fromBase64url(sig);
  if (key?.length !== PUBLIC_KEY_LENGTH || signature?.length !== SIGNATURE_LENGTH) return false;
  return verify(key, new TextEncoder().encode(DOMAIN + signed), signature);
}

/** null where a field is missing or of the wrong kind. */
function readList(value: unknown): SignedList | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const { sig, ...rest } = value as Fields;
  const { v, n, made, until, keys, revoked, roots, root } = rest;
  if (v !== 1 || !isWhole(n, 1) || !isWhole(made) || !isWhole(until)) return null;
  if (!isKey(root) || typeof sig !== "string") return null;
  if (!isListOf(roots, isKey, MOST) || roots.length === 0) return null;
  if (!isListOf(revoked ?? [], isId, MOST_REVOKED)) return null;
  if (!isListOf(keys, isListed, MOST)) return null;
  const signed = signedText(rest);
  const ids = (revoked ?? []) as readonly string[];
  return signed === null ? null : { n, until, keys, revoked: ids, roots, root, sig, signed };
}

function signedText(fields: Fields): string | null {
  try {
    return canonical(fields);
  } catch {
    return null;
  }
}

type Check<T> = (value: unknown) => value is T;

function isListOf<T>(value: unknown, is: Check<T>, most: number): value is readonly T[] {
  return Array.isArray(value) && value.length <= most && value.every(is);
}

function isListed(value: unknown): value is ListedKey {
  const { id, key, from, until } = (value ?? {}) as Partial<ListedKey>;
  return isId(id) && isKey(key) && isWhole(from) && isWhole(until);
}

const isKey = (value: unknown): value is string =>
  typeof value === "string" && fromBase64url(value)?.length === PUBLIC_KEY_LENGTH;

const isId = (value: unknown): value is string =>
  typeof value === "string" && /^[A-Za-z0-9_-]{8}$/.test(value);

const isWhole = (value: unknown, least = 0): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least;
