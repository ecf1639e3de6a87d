/** Warnings while this page is closed: whether the browser can, and what the person has chosen. */

import { clear, type Facts, put } from "../storage/shared";
import { postJson } from "../stream/http";
import { cellOf, pushKey, register, unregister } from "./push_service";

export type PushState =
  | "unsupported"
  | "unoffered"
  | "placeless"
  | "blocked"
  | "failed"
  | "off"
  | "on";

const WORKER = "worker.js";
/** A warning that takes longer is worth nothing. */
const TEST_MS = 30_000;

export class Push {
  state: PushState = "off";
  busy = false;
  private kept: Facts | null = null;
  private cell: string | null = null;

  /** draw: the state has changed. */
  constructor(private readonly draw: () => void) {
    if (!isSupported()) this.state = "unsupported";
  }

  /** What an earlier visit has turned on; facts: what alerts are judged by. */
  async begin(facts: Facts): Promise<void> {
    if (this.state === "unsupported" || !(await this.subscription())) return;
    this.state = Notification.permission === "granted" ? "on" : "blocked";
    this.cell = facts.place && cellOf(facts.place);
    this.draw();
    await this.keep(facts);
    // A server that has lost its subscriptions, or whose key is another, gets this one again.
    if (this.state === "on") await this.tell(facts);
  }

  async turnOn(facts: Facts): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.draw();
    this.state = await this.subscribed(facts).catch(() => "failed" as const);
    this.busy = false;
    await this.keep(facts);
    this.draw();
  }

  /** Nothing of it is left on this device or, if it can be reached, at the server. */
  async turnOff(): Promise<void> {
    if (this.state === "unsupported") return;
    this.state = "off";
    this.kept = this.cell = null;
    const registration = await navigator.serviceWorker.getRegistration();
    const subscription = await registration?.pushManager.getSubscription();
    if (subscription) await unregister(subscription);
    for (const shown of (await registration?.getNotifications()) ?? []) shown.close();
    clear();
    this.draw();
  }

  /** Asks the server for a test; ms until it was here, or null where it has not come in time. */
  async test(): Promise<number | null> {
    const subscription = await this.subscription();
    if (!subscription) return null;
    const began = performance.now();
    let come = (_: number | null): void => {};
    const arrived = new Promise<number | null>((resolve) => (come = resolve));
    const hear = ({ data }: MessageEvent) => {
      if ((data as { type?: string } | null)?.type === "test") come(performance.now() - began);
    };
    navigator.serviceWorker.addEventListener("message", hear);
    const timer = setTimeout(() => come(null), TEST_MS);
    const { endpoint } = subscription;
    if (!(await postJson("push/test", { endpoint }))) come(null);
    const took = await arrived;
    clearTimeout(timer);
    navigator.serviceWorker.removeEventListener("message", hear);
    return took;
  }

  /** The worker's facts follow the page's, while it is on; another cell is told to the server. */
  async keep(facts: Facts): Promise<void> {
    if (this.state !== "on" || isSame(this.kept, facts)) return;
    this.kept = facts;
    await put("facts", facts);
    const cell = facts.place && cellOf(facts.place);
    if (cell === this.cell) return;
    this.cell = cell;
    await this.tell(facts);
  }

  private async subscribed(facts: Facts): Promise<PushState> {
    if (!facts.place) return "placeless";
    const key = await pushKey();
    if (!key) return "unoffered";
    if ((await Notification.requestPermission()) !== "granted") return "blocked";
    await navigator.serviceWorker.register(WORKER);
    const registration = await navigator.serviceWorker.ready;
    this.cell = cellOf(facts.place);
    return (await register(registration, key, this.cell)) ? "on" : "failed";
  }

  private async tell(facts: Facts): Promise<void> {
    const key = await pushKey();
    if (!key || !facts.place) return;
    const registration = await navigator.serviceWorker.ready;
    await register(registration, key, cellOf(facts.place)).catch(() => false);
  }

  private async subscription(): Promise<PushSubscription | null> {
    const registration = await navigator.serviceWorker.getRegistration();
    return (await registration?.pushManager.getSubscription()) ?? null;
  }
}

/** Service workers need HTTPS (or this machine), and iOS the page on the Home Screen. */
function isSupported(): boolean {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

function isSame(a: Facts | null, b: Facts): boolean {
  const names = Object.keys(b) as (keyof Facts)[];
  const same = (name: keyof Facts) => JSON.stringify(a?.[name]) === JSON.stringify(b[name]);
  return a !== null && names.every((name) => a[name] === b[name] || same(name));
}
