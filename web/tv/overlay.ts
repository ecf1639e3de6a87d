/**
 * The overlay for broadcasters: the page with "overlay" in its address shows alerts, and nothing
 * else, on a transparent ground. "overlay=silent" makes no sound: a studio mixes its own.
 */

export type Overlay = "silent" | "sounding" | null;

/** What the address asks for, after "?" or after "#", where a place is. */
export function overlayIn(search: string, hash: string): Overlay {
  const found = /[?#&]overlay(?:=([^&#]*))?(?:[&#]|$)/.exec(search + hash);
  if (!found) return null;
  return found[1] === "silent" ? "silent" : "sounding";
}
