/**
 * The files of a page, kept so that it opens without a network and then shows that it is NOT
 * connected. What the server states (keys, time, alerts, tables) is never kept and never answered
 * from here: offline, it is missing.
 *
 * A version is kept whole or not at all: every file is compared with the hash that the build wrote
 * into this worker. A page comes from the network where there is one; its scripts, whose names have
 * their hash, from wherever they are. So no page is made of two versions. The version before is
 * kept as well, for pages that are still open.
 */

export interface Shell {
  /** When it was built, ms since 1970: its version. */
  built: number;
  /** Address relative to the worker ("" is the page itself), and SHA-256 in hexadecimals. */
  files: readonly (readonly [path: string, sha256: string])[];
}

export type Fetch = (input: RequestInfo, options?: RequestInit) => Promise<Response>;

/** What is used of the browser; scope: the address that the worker is responsible for. */
export interface Around {
  caches: Pick<CacheStorage, "open" | "keys" | "has" | "delete">;
  fetch: Fetch;
  scope: string;
}

const PREFIX = "forewave-shell-";
const ASSETS = "assets/";
const PATIENCE_MS = 4000;
/** Of a body that the browser has unpacked already. */
const OF_THE_WIRE = ["content-encoding", "content-length"];

export function nameOf({ built }: Shell): string {
  return `${PREFIX}${built}`;
}

/** Keep this version, unless it is kept already; false: one of the files is of another version. */
export async function keep(shell: Shell, around: Around): Promise<boolean> {
  const name = nameOf(shell);
  if (await around.caches.has(name)) return true;
  const load = ([path, sha256]: readonly [string, string]) => verified(path, sha256, around);
  try {
    const answers = await Promise.all(shell.files.map(load));
    const cache = await around.caches.open(name);
    await Promise.all(answers.map(([address, answer]) => cache.put(address, answer)));
    return true;
  } catch {
    await around.caches.delete(name);
    return false;
  }
}

async function verified(
  path: string,
  sha256: string,
  { fetch, scope }: Around,
): Promise<[string, Response]> {
  const address = new URL(path, scope).href;
  const answer = await fetch(address, { cache: "no-cache" });
  const body = await answer.arrayBuffer();
  const found = await crypto.subtle.digest("SHA-256", body);
  if (!answer.ok || hex(found) !== sha256) throw new Error(`${address}: another version`);
  const headers = new Headers(answer.headers);
  for (const name of OF_THE_WIRE) headers.delete(name);
  return [address, new Response(body, { headers })];
}

function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => `0${byte.toString(16)}`.slice(-2)).join("");
}

/** Delete the versions before the last one. */
export async function tidy(shell: Shell, { caches }: Around): Promise<void> {
  const own = nameOf(shell);
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== own);
  const age = (name: string) => Number(name.slice(PREFIX.length));
  const old = others.sort((a, b) => age(b) - age(a)).slice(1);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** The answer to a request; null: it is none of the shell's, and goes to the server as ever. */
export function respond(request: Request, shell: Shell, around: Around): Promise<Response> | null {
  const { method, url, mode } = request;
  if (method !== "GET" || !url.startsWith(around.scope)) return null;
  const path = url.slice(around.scope.length).replace(/[?#].*$/, "");
  if (path.startsWith(ASSETS)) return fromAnyVersion(request, around);
  const known = shell.files.some(([file]) => file === path);
  return known && (mode === "navigate" || path !== "")
    ? newest(path, request, shell, around)
    : null;
}

/** Their names have their hash: what is kept under one is what is wanted. */
async function fromAnyVersion(request: Request, { caches, fetch }: Around): Promise<Response> {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  for (const name of names) {
    const kept = await (await caches.open(name)).match(request.url);
    if (kept) return kept;
  }
  return fetch(request);
}

/** From the network; where it is away, broken or slow, what is kept. */
async function newest(
  path: string,
  request: Request,
  shell: Shell,
  { caches, fetch, scope }: Around,
): Promise<Response> {
  const cache = await caches.open(nameOf(shell));
  const kept = await cache.match(new URL(path, scope).href);
  if (!kept) return fetch(request);
  const late = new Promise<Response>((resolve) => setTimeout(() => resolve(kept), PATIENCE_MS));
  const asked = fetch(request).then((answer) => (answer.status < 500 ? answer : kept));
  return Promise.race([asked.catch(() => kept), late]);
}
