/**
 * The root keys in an address such as #root=KEY: who sets up a screen can fix whom it believes. What
 * stands after '#' is never sent to a server.
 */

const KEY = /^[A-Za-z0-9_-]{43}$/;

export function rootsInAddress(fragment: string): string[] {
  const values = new URLSearchParams(fragment.replace(/^#/, ""));
  return values.getAll("root").filter((key) => KEY.test(key));
}
