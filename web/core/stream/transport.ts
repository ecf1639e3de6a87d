/** The two ways by which messages come: a WebSocket, or server-sent events. */

import type { Clock } from "./clock";
import { askJson } from "./http";

/** Where the stream is, as absolute addresses. */
export interface Addresses {
  stream: string;
  events: string;
  time: string;
}

export interface Receiving {
  /** A whole message or heartbeat. */
  text(text: string): void;
  /** It has ended, once. reason: that of the close frame. */
  ended(reason: string): void;
}

/** Ends a connection without a word to the receiver. */
export type End = () => void;

const PINGS_MS = [0, 300, 1000, 3000];
const PING_EVERY_MS = 10_000;

/** Milliseconds of a clock that never steps. */
export function steadyNow(): number {
  return performance.now();
}

/** What /config.json names is relative to the page, which may be served under a prefix. */
export function addresses(page: string, stream: string, events: string): Addresses {
  const of = (path: string) => new URL(path, page).href;
  return { stream: of(stream).replace(/^http/, "ws"), events: of(events), time: of("time.json") };
}

/** The id of a ping is the time it was sent: it comes back, and nothing need be remembered. */
export function openSocket({ stream }: Addresses, receiving: Receiving): End {
  const socket = new WebSocket(stream);
  const ping = () => {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(JSON.stringify({ type: "ping", id: Math.round(steadyNow()) }));
  };
  let stopPinging = () => {};
  socket.onopen = () => {
    stopPinging = repeat(ping);
  };
  socket.onmessage = ({ data }) => receiving.text(String(data));
  socket.onclose = ({ reason }) => {
    stopPinging();
    receiving.ended(reason);
  };
  return () => {
    stopPinging();
    socket.onclose = socket.onmessage = socket.onopen = null;
    socket.close();
  };
}

/** Nothing can be sent by it: the time is asked for beside it. */
export function openEvents({ events, time }: Addresses, receiving: Receiving, clock: Clock): End {
  const source = new EventSource(events);
  const ask = async () => {
    const sent = steadyNow();
    const answer = await askJson<{ now?: unknown }>(time);
    if (typeof answer?.now === "number") clock.pong(sent, steadyNow(), answer.now);
  };
  let stopAsking = () => {};
  source.onopen = () => {
    stopAsking = repeat(() => void ask());
  };
  source.onmessage = ({ data }) => receiving.text(String(data));
  const end = () => {
    stopAsking();
    source.onopen = source.onmessage = source.onerror = null;
    source.close(); // or the browser connects again by itself
  };
  source.onerror = () => {
    end();
    receiving.ended("");
  };
  return end;
}

/** Often in the beginning, then every PING_EVERY_MS. */
function repeat(work: () => void): () => void {
  const timers = PINGS_MS.map((wait) => setTimeout(work, wait));
  const timer = setInterval(work, PING_EVERY_MS);
  return () => {
    clearInterval(timer);
    for (const each of timers) clearTimeout(each);
  };
}
