/**
 * What is kept on this device: place, settings, history, the newest list of keys, and the texts of
 * the language. Some TVs forbid storage: then nothing.
 */

const PREFIX = "forewave.";
export type Name =
  | "place"
  | "settings"
  | "history"
  | "keys"
  | "welcomed"
  | "places"
  | "help"
  | "checked"
  | "drills"
  | "texts"
  | "texts.sensor"
  | "texts.status"
  | "console";

export function load(name: Name): unknown {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name) ?? "null");
  } catch {
    return null;
  }
}

/** false: not kept. */
export function save(name: Name, value: unknown): boolean {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function deleteAll(): void {
  try {
    localStorage.clear();
  } catch {
    return; // storage is forbidden, so there is nothing to delete
  }
}
