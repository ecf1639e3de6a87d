/** A server that accepts and never answers is asked again; nothing waits for it for ever. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { askJson, fetchJson } from "../../core/stream/http";

/** One answer for each request: a value, "silent" for none at all, "half" for a body that stops. */
function server(...answers: unknown[]) {
  const asked = vi.fn((_: string, { signal }: { signal?: AbortSignal }) => {
    const answer = answers[Math.min(asked.mock.calls.length, answers.length) - 1];
    const never = new Promise<never>((_resolve, reject) =>
      signal?.addEventListener("abort", () => reject(new Error("aborted"))),
    );
    if (answer === "silent") return never;
    const json = () => (answer === "half" ? never : Promise.resolve(answer));
    return Promise.resolve({ ok: true, json });
  });
  vi.stubGlobal("fetch", asked);
  return asked;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a request", () => {
  it.each(["silent", "half"])("that stays %s is given up after 8 s", async (answer) => {
    server(answer);
    const answered = vi.fn();
    void askJson("/config.json").then(answered);
    await vi.advanceTimersByTimeAsync(7_999);
    expect(answered).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(answered).toHaveBeenCalledWith(null);
  });
  it("is given up after 8 s also where the browser cannot abort it", async () => {
    vi.stubGlobal("AbortController", undefined);
    server("silent");
    const answer = askJson("/config.json");
    await vi.advanceTimersByTimeAsync(8_000);
    expect(await answer).toBeNull();
  });
  it("that is answered leaves no timer", async () => {
    server({ a: 1 });
    expect(await askJson("/config.json")).toEqual({ a: 1 });
    expect(vi.getTimerCount()).toBe(0);
  });
  it("for a table is made again until there is an answer", async () => {
    const asked = server("silent", "half", [1, 2]);
    const table = fetchJson("/towns.json");
    await vi.advanceTimersByTimeAsync(2 * 62_000);
    expect(await table).toEqual([1, 2]);
    expect(asked).toHaveBeenCalledTimes(3);
  });
});
