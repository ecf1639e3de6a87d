/**
 * What is kept on this device: place, settings, history, and the newest list of keys. Some TVs forbid
 * storage: then nothing.
 */

const PREFIX = "forewave.";
export type Name = "place" | "settings" | "history" | "keys";

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
