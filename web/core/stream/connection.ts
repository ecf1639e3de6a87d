/** The stream of signed messages: connects again for ever, and asks for the time. */

import type { Clock } from "./clock";
import { type Attempts, after, FIRST, hintOf, isByEvents, waitMs } from "./retry";
import { readServer, type Server } from "./server";
import { type Addresses, openEvents, openSocket, steadyNow } from "./transport";

export interface Listener {
  /** Where the stream is now; asked before each connection. */
  addresses(): Promise<Addresses>;
  /** Text of a signed message. */
  message(text: string): void;
  /**
   * key: the id of the key that the server signs with, where it is given. server: what it can do
   * now; null where an older one does not report it, undefined where this was no heartbeat. list:
   * version of its signed list of keys; 0: not given.
   */
  heartbeat(key: string | null, server: Server | null | undefined, list: number): void;
  closed(): void;
}

/** Without a heartbeat, of which there is one every 5 s, for this long the connection is given up. */
const SILENT_MS = 15_000;
const GRACE_MS = 1000;

/** Connects, and again whenever the connection is lost. */
export async function connect(
  clock: Clock,
  listener: Listener,
  attempts: Attempts = FIRST,
): Promise<void> {
  const where = await listener.addresses();
  let received = false;
  let silence: ReturnType<typeof setTimeout>;
  const ended = (reason: string) => {
    clearTimeout(silence);
    listener.closed();
    const next = after(attempts, received);
    const wait = waitMs(next, hintOf(reason), Math.random());
    setTimeout(() => void connect(clock, listener, next), wait);
  };
  const giveUp = () => {
    end();
    ended("");
  };
  // After a sleep of the device the timer is due before what has come meanwhile is read.
  const watch = () => {
    clearTimeout(silence);
    silence = setTimeout(() => {
      silence = setTimeout(giveUp, GRACE_MS);
    }, SILENT_MS);
  };
  const text = (data: string) => {
    received = true;
    watch();
    receive(data, clock, listener);
  };
  const byEvents = isByEvents(attempts) && typeof EventSource !== "undefined";
  const end = byEvents
    ? openEvents(where, { text, ended }, clock)
    : openSocket(where, { text, ended });
  watch();
}

function receive(text: string, clock: Clock, listener: Listener): void {
  const control = controlOf(text);
  if (!control) return listener.message(text);
  const received = steadyNow();
  const { type, now, id, key, state, missing, list } = control;
  if (typeof now !== "number") return;
  if (type === "pong" && typeof id === "number") clock.pong(id, received, now);
  const name = typeof key === "string" ? key : null;
  if (type !== "heartbeat") return listener.heartbeat(name, undefined, 0);
  clock.greeting(received, now);
  listener.heartbeat(name, readServer(state, missing), typeof list === "number" ? list : 0);
}

interface Control {
  type: string;
  now?: unknown;
  id?: unknown;
  key?: unknown;
  state?: unknown;
  missing?: unknown;
  list?: unknown;
}

/** Heartbeats and pongs have a type; signed messages have none. */
function controlOf(text: string): Control | null {
  try {
    const { type, ...rest } = JSON.parse(text) as Partial<Control>;
    return typeof type === "string" ? { type, ...rest } : null;
  } catch {
    return null;
  }
}
