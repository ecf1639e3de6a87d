/** The stream of signed messages: connects again for ever, and asks for the time. */

import type { Clock } from "./clock";
import { readServer, type Server } from "./server";

export interface Listener {
  /** Where the stream is now; asked before each connection. */
  address(): Promise<string>;
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

const RETRY_MS = { first: 500, most: 5000 };
const PINGS_MS = [0, 300, 1000, 3000];
const PING_EVERY_MS = 10_000;

/** Milliseconds of a clock that never steps. */
export function steadyNow(): number {
  return performance.now();
}

export function streamAddress(page: Location, port: number): string {
  const scheme = page.protocol === "https:" ? "wss" : "ws";
  return `${scheme}://${page.hostname}:${port}/`;
}

/** Connects, and again whenever the connection is lost. */
export async function connect(clock: Clock, listener: Listener, retry = 0): Promise<void> {
  const socket = new WebSocket(await listener.address());
  const stopPinging = keepPinging(socket);
  let received = false;
  socket.onmessage = ({ data }) => {
    received = true;
    receive(String(data), clock, listener);
  };
  socket.onclose = () => {
    stopPinging();
    listener.closed();
    const tries = received ? 0 : retry + 1;
    const wait = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** tries);
    // Many devices lose the same server at once; they must not all come back at once.
    setTimeout(() => void connect(clock, listener, tries), wait * (0.5 + Math.random() / 2));
  };
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

/** The id of a ping is the time it was sent: it comes back, and nothing need be remembered. */
function keepPinging(socket: WebSocket): () => void {
  const ping = () => {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(JSON.stringify({ type: "ping", id: Math.round(steadyNow()) }));
  };
  let timer: ReturnType<typeof setInterval> | undefined;
  socket.onopen = () => {
    for (const wait of PINGS_MS) setTimeout(ping, wait);
    timer = setInterval(ping, PING_EVERY_MS);
  };
  return () => clearInterval(timer);
}
