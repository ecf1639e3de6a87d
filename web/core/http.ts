/** Tables and facts from the page's own server. */

const RETRY_MS = 2000;

/** One request; null where the server is away or has no answer. */
export async function askJson<T>(path: string): Promise<T | null> {
  try {
    const answer = await fetch(path, { cache: "no-store" });
    return answer.ok ? ((await answer.json()) as T) : null;
  } catch {
    return null;
  }
}

/** Asks until there is an answer. */
export async function fetchJson<T>(path: string): Promise<T> {
  return until(() => askJson<T>(path));
}

/** Tries until there is an answer, with pauses in between. */
export async function until<T>(attempt: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const answer = await attempt();
    if (answer !== null) return answer;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
