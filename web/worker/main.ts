/**
 * The service worker: shows alerts that come by Web Push while the page is closed, and keeps the
 * files of the page so that it opens without a network (shell.ts).
 */

import { cellOf, pushKey, register } from "../core/background/push_service";
import { PATTERNS } from "../core/output/vibration";
import { get, put } from "../core/storage/shared";
import { askJson } from "../core/stream/http";
import type { Config } from "../core/stream/key_list";
import { type Shown, testShown } from "../core/words/notification";
import { type Around, keep, respond, type Shell, tidy } from "./shell";
import { afterExpiry, noFacts, outcomeOf, readerOf } from "./show";
import { verified } from "./trust";

declare const __BUILT_AT__: number;
/** The files of the phone and of the TV page, as the build has written them. */
declare const __SHELLS__: Readonly<Record<"phone" | "tv", Shell["files"]>>;

/** What of a service worker's scope is used; the types of both scopes cannot be loaded together. */
interface Scope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    matchAll(options: object): Promise<readonly Client[]>;
    openWindow(address: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: string, listener: (event: WorkerEvent) => void): void;
}

interface WorkerEvent {
  waitUntil(work: Promise<unknown>): void;
  readonly data: { text(): string } | null;
  readonly notification: Notification;
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Client {
  focus(): Promise<unknown>;
  postMessage(data: object): void;
}

/** What the server sends for a test; web_push.py. */
const TEST = '{"type":"test"}';
const KEYS_MS = 3000;
/** Browsers end a worker that takes longer over one event. */
const LONGEST_MS = 240_000;

const scope = self as unknown as Scope;
/** A TV registers the worker as "worker.js?tv". */
const page = new URL(self.location.href).search === "?tv" ? "tv" : "phone";
const shell: Shell = { built: __BUILT_AT__, files: __SHELLS__[page] };
const around: Around = {
  caches: self.caches,
  fetch: (input, options) => fetch(input, options),
  scope: new URL("./", self.location.href).href,
};
let last: Promise<unknown> = Promise.resolve();

// Warnings must not wait for files: what cannot be kept now is tried again with the next page.
scope.addEventListener("install", (event) => {
  event.waitUntil(keep(shell, around).then(() => scope.skipWaiting()));
});
scope.addEventListener("activate", (event) => event.waitUntil(tidy(shell, around)));
scope.addEventListener("fetch", (event) => {
  const answer = respond(event.request, shell, around);
  if (answer) event.respondWith(answer);
  if (event.request.mode === "navigate") event.waitUntil(keep(shell, around));
});
scope.addEventListener("push", (event) => {
  const text = event.data?.text() ?? "";
  if (text === TEST) return event.waitUntil(showTest());
  const shown = last.then(() => receive(text));
  last = shown.catch(() => undefined); // one after the other: each is judged by what was shown
  event.waitUntil(shown.then((wait) => wait()));
});
scope.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openPage());
});
scope.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(subscribeAgain()));

/** Show what came; answers what is left to be done when it expires. */
async function receive(text: string): Promise<() => Promise<void>> {
  const [kept, before] = await Promise.all([get("facts"), get("state")]);
  const left = { ...noFacts("en"), ...kept };
  const asked = () => askJson<Config>("config.json", KEYS_MS);
  const today = Date.now() >= __BUILT_AT__ ? Date.now() : null;
  const { result, facts } = await verified(text, left, asked, today);
  if (facts !== left) await put("facts", facts);
  const now = Date.now();
  const { shown, state, message } = outcomeOf(result, facts, before, now, __BUILT_AT__);
  await show(shown);
  await put("state", state);
  return async () => {
    if (!message || message.exp - now > LONGEST_MS || message.exp <= now) return;
    await new Promise((resolve) => setTimeout(resolve, message.exp - Date.now() + 1000));
    const expired = afterExpiry(message, (await get("state")) ?? state, facts);
    if (expired) await show(expired);
  };
}

/** The person tests the way of a notification: pages that are open are told that it has come. */
async function showTest(): Promise<void> {
  const facts = { ...noFacts("en"), ...(await get("facts")) };
  await show(testShown(readerOf(facts)));
  const pages = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const page of pages) page.postMessage({ type: "test" });
}

async function show({ title, body, tag, silent, stays, vibrate }: Shown): Promise<void> {
  const options = {
    ...{ body, tag, silent, renotify: !silent, requireInteraction: stays },
    ...(vibrate === null ? {} : { vibrate: PATTERNS[vibrate] }),
    timestamp: Date.now(),
  };
  await scope.registration.showNotification(title, options as NotificationOptions);
}

async function openPage(): Promise<void> {
  const pages = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  await (pages[0] ? pages[0].focus() : scope.clients.openWindow("./"));
}

/** The push service has ended the subscription. */
async function subscribeAgain(): Promise<void> {
  const [facts, key] = await Promise.all([get("facts"), pushKey()]);
  if (facts?.place && key) await register(scope.registration, key, cellOf(facts.place));
}
