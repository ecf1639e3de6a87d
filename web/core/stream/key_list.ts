/**
 * What the page's own server publishes, above all the keys that may sign.
 *
 * It is asked for when the page opens, before each new connection, when something is signed with a
 * key that is not listed, and every ten minutes: the server may have begun again with another key,
 * and who holds the connection open may not be that server. The answer
 * replaces the list, so that a key that was withdrawn is believed no longer. Without an answer the
 * last list stands.
 *
 * Where the server has a list that is signed by an offline root (signed_list.ts), only that counts,
 * from the first one seen: a later answer without it, or with an older one, changes nothing. Where
 * it has none, the keys come from where the page itself came from, and are trusted as much as the
 * page.
 */

import type { Keys } from "./message";
import { Follower, type ListRefusal } from "./signed_list";

export interface Config {
  /** Where the stream is, relative to the pages: as a WebSocket, and as server-sent events. */
  stream: string;
  events: string;
  keys: Keys;
  place: { name: string; lat: number; lon: number } | null;
  version: string;
  /** Of the network; servers of older versions do not give it. */
  name?: string;
  /** Signed by an offline root; null where the network has none. */
  key_list?: unknown;
}

/** What this device keeps: the newest list that it has believed, and the roots that it knows. */
export interface Kept {
  roots: readonly string[];
  list: unknown;
}

export interface Setting {
  /** Public root keys that were set for this device; empty: those of the first list count. */
  roots?: readonly string[];
  kept?: unknown;
  keep?: (kept: Kept) => void;
  /** ms of POSIX time by this device or its server; null: not known. */
  today?: () => number | null;
}

/** A server whose list does not name its own key is not asked more often than this. */
const RENEW_EVERY_MS = 5000;
/** A list as old as this is asked for anew: a key that was withdrawn is believed no longer. */
const OLD_MS = 600_000;

export class KeyList {
  config: Config | null = null;
  kept: Kept | null = null;
  private asking: Promise<boolean> | null = null;
  private askedAt = -Infinity;
  private answeredAt = -Infinity;
  private readonly follower: Follower;
  private readonly today: () => number | null;
  private readonly keep: (kept: Kept) => void;
  /** Why the last signed list was not believed; null: it was, or there was none. */
  refusal: ListRefusal | null = null;

  /** ask: one request, null where it fails. now: ms of a clock that never steps. */
  constructor(
    private readonly ask: () => Promise<Config | null>,
    private readonly now: () => number,
    { roots = [], kept = null, keep = () => {}, today = () => null }: Setting = {},
  ) {
    this.follower = new Follower(roots);
    this.today = today;
    this.keep = keep;
    this.restore(kept);
  }

  get keys(): Keys {
    return this.follower.hasRoot ? this.follower.keys(this.today()) : (this.config?.keys ?? {});
  }

  /** The version of the newest signed list that was believed; 0: none. */
  get version(): number {
    return this.follower.newest?.n ?? 0;
  }

  lists(key: string): boolean {
    return Object.prototype.hasOwnProperty.call(this.keys, key);
  }

  /** Ask now; whether there was an answer. */
  renew(): Promise<boolean> {
    this.askedAt = this.now();
    this.asking ??= this.fetch();
    return this.asking;
  }

  /** The same, unless it was asked within RENEW_EVERY_MS; for what others can cause. */
  async renewSparingly(): Promise<boolean> {
    if (this.asking) return this.asking;
    return this.now() - this.askedAt >= RENEW_EVERY_MS ? this.renew() : false;
  }

  /** Ask anew where the list is old; for whoever is called every few seconds. */
  async renewWhenOld(): Promise<void> {
    if (this.now() - this.answeredAt >= OLD_MS) await this.renewSparingly();
  }

  private async fetch(): Promise<boolean> {
    const config = await this.ask();
    this.asking = null;
    if (isConfig(config)) {
      this.config = config;
      this.answeredAt = this.now();
      this.believe(config.key_list ?? null);
    }
    return config !== null;
  }

  private believe(list: unknown): void {
    if (list === null) return;
    this.refusal = this.follower.take(list, this.today());
    if (this.refusal !== null) return;
    this.kept = { roots: this.follower.roots, list };
    this.keep(this.kept);
  }

  /** What an earlier page of this device kept; where it was expired it still tells the version. */
  private restore(kept: unknown): void {
    const { list = null, roots } = (kept ?? {}) as Partial<Kept>;
    if (list === null || !Array.isArray(roots)) return;
    this.follower.resume(list, roots);
    if (this.follower.newest) this.kept = { roots: this.follower.roots, list };
  }
}

function isConfig(config: unknown): config is Config {
  const { keys, stream, events } = (config ?? {}) as Partial<Config>;
  const named = typeof keys === "object" && keys !== null;
  const texts = named && Object.values(keys).every((key) => typeof key === "string");
  return texts && typeof stream === "string" && typeof events === "string";
}
