/**
 * Receives what the server sends, and verifies each message.
 *
 * Something signed with a key that is not listed is refused only after the list has been asked
 * for again: the server may have begun again with another key while the page stayed open.
 */

import type { Event } from "../alert/state";
import type { Clock } from "../stream/clock";
import { connect } from "../stream/connection";
import { askJson, until } from "../stream/http";
import { type Config, KeyList } from "../stream/key_list";
import { type Refusal, read } from "../stream/message";
import type { Server } from "../stream/server";
import { type Addresses, addresses, steadyNow } from "../stream/transport";

export class Receiver {
  private readonly list = new KeyList(() => askJson<Config>("config.json"), steadyNow);
  private connected = false;

  constructor(
    private readonly clock: Clock,
    private readonly dispatch: (event: Event) => void,
  ) {}

  get config(): Config | null {
    return this.list.config;
  }

  /** What the server publishes; waits until it answers. */
  async ask(): Promise<Config> {
    return until(async () => {
      await this.list.renew();
      return this.list.config;
    });
  }

  listen(): void {
    void connect(this.clock, {
      addresses: () => this.addresses(),
      message: (text) => void this.message(text),
      heartbeat: (key, server) => void this.heartbeat(key, server),
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

  /** A server that signs with a key that it does not list could not warn this page. */
  private async heartbeat(key: string | null, server?: Server | null): Promise<void> {
    const reported = server === undefined ? {} : { server };
    void this.list.renewWhenOld();
    const lists = key === null || this.list.lists(key);
    const trusted = key !== null && lists ? { trusted: true } : {};
    this.dispatch({ type: "heartbeat", ...trusted, ...reported });
    if (lists) return;
    await this.list.renewSparingly();
    this.dispatch({ type: "keys", trusted: this.list.lists(key) });
  }
}
