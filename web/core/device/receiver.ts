/**
 * Receives what the server sends, and verifies each message.
 *
 * Something signed with a key that is not listed is refused only after the list has been asked
 * for again: the server may have begun again with another key while the page stayed open.
 */

import type { Event } from "../alert/state";
import { load, save } from "../storage/store";
import type { Clock } from "../stream/clock";
import { connect } from "../stream/connection";
import { askJson, until } from "../stream/http";
import { type Config, type Kept, KeyList } from "../stream/key_list";
import { type Refusal, read } from "../stream/message";
import type { Server } from "../stream/server";
import { type Addresses, addresses, steadyNow } from "../stream/transport";
import { rootsInAddress } from "./root";

const SPREAD_MS = 5000;

export class Receiver {
  readonly roots = rootsInAddress(location.hash);
  private readonly list = new KeyList(() => askJson<Config>("config.json"), steadyNow, {
    roots: this.roots,
    kept: load("keys"),
    keep: (kept) => save("keys", kept),
    today: () => this.today(),
  });
  private connected = false;
  private soon = false;

  constructor(
    private readonly clock: Clock,
    private readonly dispatch: (event: Event) => void,
    private readonly builtAt: number,
  ) {}

  get config(): Config | null {
    return this.list.config;
  }

  /** The newest signed list that was believed. */
  get listed(): Kept | null {
    return this.list.kept;
  }

  /** What the server publishes; waits until it answers. */
  async ask(): Promise<Config> {
    return until(async () => {
      await this.list.renew();
      if (!this.list.config) this.dispatch({ type: "closed" });
      return this.list.config;
    });
  }

  /** By this device; where its clock was never set, by the server's. */
  private today(): number | null {
    const own = Date.now();
    return own >= this.builtAt ? own : this.clock.now(steadyNow());
  }

  listen(): void {
    void connect(this.clock, {
      addresses: () => this.addresses(),
      message: (text) => void this.message(text),
      heartbeat: (key, server, list) => void this.heartbeat(key, server, list),
      closed: () => this.dispatch({ type: "closed" }),
    });
  }

  /** Before a second connection the server is asked again: its key may be another. */
  private async addresses(): Promise<Addresses> {
    if (this.connected) await this.list.renew();
    this.connected = true;
    const { stream, events } = this.list.config!;
    return addresses(location.href, stream, events);
  }

  private async message(text: string): Promise<void> {
    let refusal = this.take(text);
    if (refusal === "unknown key") {
      await this.list.renewSparingly();
      refusal = this.take(text);
    }
    if (refusal === null) return;
    const key = refusal === "unknown key" ? ({ key: true } as const) : {};
    this.dispatch({ type: "refused", why: "refused", ...key });
  }

  /** Pass on a message whose signature holds; else why it does not. */
  private take(text: string): Refusal | null {
    const result = read(text, this.list.keys);
    if (!result.ok) return result.why;
    this.clock.guess(steadyNow(), result.message.iss);
    this.dispatch({ type: "message", message: result.message });
    return null;
  }

  /** A newer list is there: asked for within SPREAD_MS, so that not all pages ask at once. */
  private renewSoon(): void {
    if (this.soon) return;
    this.soon = true;
    setTimeout(() => {
      this.soon = false;
      void this.list.renewSparingly();
    }, Math.random() * SPREAD_MS);
  }

  /** A server that signs with a key that it does not list could not warn this page. */
  private async heartbeat(
    key: string | null,
    server: Server | null | undefined,
    list: number,
  ): Promise<void> {
    const reported = server === undefined ? {} : { server };
    if (list > this.list.version) this.renewSoon();
    void this.list.renewWhenOld();
    const lists = key === null || this.list.lists(key);
    const trusted = key !== null && lists ? { trusted: true } : {};
    this.dispatch({ type: "heartbeat", ...trusted, ...reported });
    if (lists) return;
    await this.list.renewSparingly();
    this.dispatch({ type: "keys", trusted: this.list.lists(key) });
  }
}
