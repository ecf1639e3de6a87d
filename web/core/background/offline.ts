/**
 * Keeps this page on the device, by the service worker, so that it opens without a network and then
 * shows that it is not connected. Only over HTTPS or on this machine: elsewhere browsers have none.
 */

import { watchOffer } from "./install";

const WORKER = "worker.js";

/** Once the page is ready: nothing of it is needed for a warning, and the first load stays small. */
export async function keepOffline(tv: boolean): Promise<void> {
  if (!tv) watchOffer();
  if (!tv) link("manifest", "manifest.webmanifest");
  if (!tv) link("icon", "icon.svg");
  try {
    await navigator.serviceWorker?.register(tv ? `${WORKER}?tv` : WORKER);
  } catch {
    return; // not possible here: then the page needs the network to open, as ever
  }
}

function link(rel: string, href: string): void {
  document.querySelector(`link[rel="${rel}"]`)?.remove();
  document.head.appendChild(Object.assign(document.createElement("link"), { rel, href }));
}

/** Nothing of it is left on this device. */
export async function forgetOffline(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.unregister();
  if (typeof caches === "undefined") return;
  await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
}
