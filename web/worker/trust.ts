/**
 * Whom the service worker believes: as the page, by what the page left. With a key that is not known
 * the server is asked; where a root is known its answer counts only as far as that has signed it.
 */

import type { Facts } from "../core/storage/shared";
import type { Config } from "../core/stream/key_list";
import { type Keys, type ReadResult, read } from "../core/stream/message";
import { Follower } from "../core/stream/signed_list";

/** today: ms of POSIX time; null: not known. Answers the facts too, other ones where they changed. */
export async function verified(
  text: string,
  facts: Facts,
  ask: () => Promise<Config | null>,
  today: number | null,
): Promise<{ result: ReadResult; facts: Facts }> {
  const follower = new Follower(facts.roots);
  if (facts.listed) follower.resume(facts.listed.list, facts.listed.roots);
  const by = (keys: Keys) => read(text, follower.hasRoot ? follower.keys(today) : keys);
  const result = by(facts.keys);
  if (result.ok || result.why !== "unknown key") return { result, facts };
  const config = await ask();
  if (!config) return { result, facts };
  const list = config.key_list ?? null;
  const isNew = list !== null && follower.take(list, today) === null;
  const listed = isNew ? { roots: follower.roots, list } : facts.listed;
  const again = by(config.keys);
  const keys = again.ok ? config.keys : facts.keys;
  return { result: again, facts: isNew || again.ok ? { ...facts, keys, listed } : facts };
}
