/**
 * What the page's own server publishes, above all the keys that may sign.
 *
 * It is asked for when the page opens, before each new connection, when something is signed with a
 * key that is not listed, and every ten minutes: the server may have begun again with another key,
 * and who holds the connection open may not be that server. The answer
 * replaces the list, so that a key that was withdrawn is believed no longer. It comes from where
 * the page itself came from, and is trusted as much as the page. Without an answer the last list
 * stands.
 */

import type { Keys } from "./message";

export interface Config {
  /** Where the stream is, relative to the pages: as a WebSocket, and as server-sent events. */
  stream: string;
  events: string;
  keys: Keys;
  place: { name: string; lat: number; lon: number } | null;
  version: string;
}

/** A server whose list does not name its own key is not asked more often than this. */
const RENEW_EVERY_MS = 5000;
/** A list as old as this is asked for anew: a key that was withdrawn is believed no longer. */
const OLD_MS = 600_000;

export class KeyList {
  config: Config | null = null;
  private asking: Promise<boolean> | null = null;
  private askedAt = -Infinity;
  private answeredAt = -Infinity;

  /** ask: one request, null where it fails. now: ms of a clock that never steps. */
  constructor(
    private readonly ask: () => Promise<Config | null>,
    private readonly now: () => number,
  ) {}

  get keys(): Keys {
    return this.config?.keys ?? {};
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
    }
    return config !== null;
  }
}

function isConfig(config: unknown): config is Config {
  const { keys, stream, events } = (config ?? {}) as Partial<Config>;
  const named = typeof keys === "object" && keys !== null;
  const texts = named && Object.values(keys).every((key) => typeof key === "string");
  return texts && typeof stream === "string" && typeof events === "string";
}
