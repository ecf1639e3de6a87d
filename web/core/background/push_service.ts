/**
 * The subscription to push messages: the browser's push service, and our server, which sends to it.
 *
 * The server gets the address and the keys of the subscription, and the cell of about 40 by 20 km;
 * never the place. Addresses are relative, so that it works below a prefix.
 */

import type { Point } from "../forecast/distance";
import { geohash } from "../forecast/geohash";
import { fromBase64url } from "../stream/base64url";
import { askJson, postJson } from "../stream/http";

const CELL_LETTERS = 4;

export function cellOf({ lat, lon }: Point): string {
  return geohash(lat, lon, CELL_LETTERS);
}

/** The key that the server's pushes are signed with; null where it offers none, or is away. */
export async function pushKey(): Promise<string | null> {
  const offer = await askJson<{ key?: unknown }>("push.json");
  return typeof offer?.key === "string" ? offer.key : null;
}

/** Subscribe, and tell the server; false where either fails. */
export async function register(
  registration: ServiceWorkerRegistration,
  key: string,
  cell: string,
): Promise<boolean> {
  const raw = fromBase64url(key);
  if (!raw) return false;
  const subscription = await subscribe(registration, raw);
  const { endpoint, keys } = subscription.toJSON();
  return postJson("push/subscribe", { endpoint, ...keys, cell });
}

/** A subscription made with a key that the server no longer has is worth nothing: make it anew. */
async function subscribe(
  registration: ServiceWorkerRegistration,
  raw: Uint8Array,
): Promise<PushSubscription> {
  const options = { userVisibleOnly: true, applicationServerKey: raw as BufferSource };
  try {
    return await registration.pushManager.subscribe(options);
  } catch (error) {
    const old = await registration.pushManager.getSubscription();
    if (!old) throw error;
    await old.unsubscribe();
    return registration.pushManager.subscribe(options);
  }
}

export async function unregister(subscription: PushSubscription): Promise<void> {
  const { endpoint } = subscription;
  await subscription.unsubscribe();
  await postJson("push/unsubscribe", { endpoint });
}
