/** Tables and facts from the page's own server. */

const RETRY_MS = 2000;
/** A request without a whole answer by then has failed: what is asked for has a few kilobytes. */
const FACTS_MS = 8_000;
/** The same for tables, which are larger, on a slow network. */
const TABLE_MS = 60_000;

/** What `read` makes of an answer; null where the server is away or has not answered in time. */
export async function ask<T>(
  path: string,
  options: RequestInit,
  read: (answer: Response) => Promise<T>,
  patience = FACTS_MS,
): Promise<T | null> {
  // Browsers before 2018 have no AbortController: there a late answer is only ignored.
  const request = typeof AbortController === "undefined" ? null : new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(() => {
      request?.abort();
      resolve(null);
    }, patience);
  });
  const signal = request ? { signal: request.signal } : {};
  try {
    return await Promise.race([fetch(path, { ...options, ...signal }).then(read), timeout]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** One request of the newest state; null where there is no answer in time, or none that is good. */
export function askJson<T>(path: string, patience = FACTS_MS): Promise<T | null> {
  return ask(path, { cache: "no-store" }, json<T>, patience);
}

/** Sends a small body; whether the server has taken it. */
export async function postJson(path: string, body: object): Promise<boolean> {
  const headers = { "Content-Type": "application/json" };
  const request = { method: "POST", headers, body: JSON.stringify(body) };
  return (await ask(path, request, async (answer) => answer.ok)) ?? false;
}

/** Asks until there is an answer. */
export async function fetchJson<T>(path: string): Promise<T> {
  return until(() => askJson<T>(path, TABLE_MS));
}

/** Tries until there is an answer, with pauses in between. */
export async function until<T>(attempt: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const answer = await attempt();
    if (answer !== null) return answer;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** The body of an answer that is good. */
export async function json<T>(answer: Response): Promise<T | null> {
  return answer.ok ? ((await answer.json()) as T) : null;
}
