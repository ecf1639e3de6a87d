/** The server's clock, and the one thing that is sent to it. */

import { ask, json } from "../core/stream/http";
import type { Shake } from "./trigger";

const PATH = "triggers";
const ASK = 5;

/** Milliseconds to add to performance.now() for the server's POSIX milliseconds, or null. */
export async function serverOffset(now: () => number = () => performance.now()) {
  let best: { trip: number; offset: number } | null = null;
  for (let i = 0; i < ASK; i++) {
    const sent = now();
    const time = await askTime();
    const trip = now() - sent;
    if (time !== null && (!best || trip < best.trip))
      best = { trip, offset: time - sent - trip / 2 };
  }
  return best?.offset ?? null;
}

/** Time, peak and cell: nothing else leaves the phone. false: not taken. */
export async function send(shake: Shake, offset: number, cell: string): Promise<boolean> {
  const t = Math.round(shake.ms + offset) / 1000;
  const body = JSON.stringify({ t, peak: Number(shake.peak.toPrecision(3)), cell });
  const options: RequestInit = { method: "POST", body, credentials: "omit" };
  return (await ask(PATH, options, (answer) => Promise.resolve(answer.ok))) ?? false;
}

async function askTime(): Promise<number | null> {
  const options: RequestInit = { cache: "no-store", credentials: "omit" };
  const now = (await ask(PATH, options, json<{ now?: unknown }>))?.now;
  return typeof now === "number" ? now * 1000 : null;
}
