/**
 * What the page leaves for the service worker, which cannot read localStorage: IndexedDB.
 *
 * Facts are what an alert is judged by on this device, the place among them; they never leave it.
 * Where the browser forbids storage, reading gives undefined and writing does nothing.
 */

import type { Texts } from "../../languages/language";
import type { Spot, State, Thresholds } from "../alert/model";
import type { Profile } from "../alert/settings";
import type { Place } from "../forecast/forecast";
import type { TravelTimes } from "../forecast/travel_time";
import type { Kept as Listed } from "../stream/key_list";
import type { Keys } from "../stream/message";

export interface Facts {
  place: Place | null;
  others?: readonly Spot[];
  table: TravelTimes | null;
  /** Those that the server lists; they count where no root is known. */
  keys: Keys;
  /** Root keys that were set for this device, and the newest signed list, as key_list.ts keeps it. */
  roots: readonly string[];
  listed: Listed | null;
  thresholds: Thresholds;
  profile: Profile;
  language: string;
  /** Those of the language: an alert never waits for a file. */
  texts: Texts;
  vibration: boolean;
}

/** What is kept, by name. state: what the worker has shown. */
export interface Kept {
  facts: Facts;
  state: State;
}

const DATABASE = "forewave";
const STORE = "push";

export function get<N extends keyof Kept>(name: N): Promise<Kept[N] | undefined> {
  return transact("readonly", (store) => store.get(name)) as Promise<Kept[N] | undefined>;
}

export async function put<N extends keyof Kept>(name: N, value: Kept[N]): Promise<void> {
  await transact("readwrite", (store) => store.put(value, name));
}

/** Delete all of it; nothing where there is nothing. */
export function clear(): void {
  try {
    indexedDB.deleteDatabase(DATABASE);
  } catch {
    return; // storage is forbidden, so there is nothing to delete
  }
}

async function transact(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  let database: IDBDatabase | null = null;
  try {
    database = await open();
    return await done(act(database.transaction(STORE, mode).objectStore(STORE)));
  } catch {
    return undefined;
  } finally {
    database?.close();
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return done(request);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
