/** Which messages are refused, and until when. */

import { describe, expect, it } from "vitest";
import type { Context } from "../../core/alert/state";
import type { Message } from "../../core/stream/message";
import { DAY_MS, NOW, phase, send, stateAfter } from "../simulate";

describe("a message is refused", () => {
  const is = (at: number, change: Partial<Message>, deviceNow = at, more: Partial<Context> = {}) =>
    phase(stateAfter([[at, send(change)]], 0, { deviceNow, ...more })) !== null;
  it("when it was issued more than ten seconds from now", () => {
    expect(is(NOW, { iss: NOW + 9000, exp: NOW + 180_000 })).toBe(true);
    expect(is(NOW, { iss: NOW + 11_000, exp: NOW + 180_000 })).toBe(false);
  });
  it("when it has expired", () => {
    expect(is(NOW, { iss: NOW - 1000, exp: NOW })).toBe(true);
    expect(is(NOW, { iss: NOW - 1000, exp: NOW - 1 })).toBe(false);
  });
  it("when the server's date is more than a day off, either way", () => {
    for (const off of [-1, 1]) {
      expect(is(NOW, {}, NOW + off * 0.9 * DAY_MS, { builtAt: 0 })).toBe(true);
      expect(is(NOW, {}, NOW + off * 1.1 * DAY_MS, { builtAt: 0 })).toBe(false);
    }
  });
  it("a day after it expired a version is still an old one", () => {
    const state = stateAfter([[NOW, send({ n: 3, m: 3.2 })]], NOW + 1000);
    const later = NOW + 180_000 + 3_600_000;
    const fresh = { n: 2, t0: later - 6000, iss: later, exp: later + 60_000 };
    expect(phase(stateAfter([[later, send(fresh)]], 0, {}, state))).toBeNull();
  });
});

describe("a key that is not listed", () => {
  it("stays a reason not to be ready until it is listed", () => {
    let state = stateAfter([[NOW, { type: "refused", why: "refused", key: true }]], NOW + 1000);
    state = stateAfter([[NOW + 400_000, { type: "tick" }]], 0, {}, state);
    expect(state.untrusted?.why).toBe("key");
    state = stateAfter([[NOW + 401_000, { type: "heartbeat", trusted: true }]], 0, {}, state);
    expect(state.untrusted).toBeNull();
  });
});
