/** Devices come back spread over seconds, and by server-sent events where WebSockets fail. */

import { describe, expect, it } from "vitest";
import { type Attempts, after, FIRST, hintOf, isByEvents, waitMs } from "../../core/stream/retry";

/** How each of a number of attempts is made where only the named ones succeed. */
function attempts(count: number, works: (events: boolean) => boolean): string {
  let state: Attempts = FIRST;
  let made = "";
  for (let number = 0; number < count; number++) {
    const events = isByEvents(state);
    made += events ? "e" : "w";
    state = after(state, works(events));
  }
  return made;
}

describe("the way of the next attempt", () => {
  it("stays a WebSocket where these work", () => {
    expect(attempts(5, (events) => !events)).toBe("wwwww");
  });
  it("is by events after two WebSockets that failed, and stays so where they work", () => {
    expect(attempts(6, (events) => events)).toBe("wweeee");
  });
  it("alternates where nothing works", () => {
    expect(attempts(8, () => false)).toBe("wwewewew");
  });
  it("goes back to WebSockets where events fail", () => {
    const state = after({ failed: 0, events: true }, false);
    expect(isByEvents(state)).toBe(false);
    expect(isByEvents(after(state, true))).toBe(false);
  });
});

describe("the wait", () => {
  it.each([
    [0, 5000],
    [1, 5000],
    [2, 10_000],
    [3, 20_000],
    [4, 30_000],
    [40, 30_000],
  ])("after %i failures is a random share of %i ms", (failed, most) => {
    expect(waitMs({ failed, events: false }, null, 0)).toBe(0);
    expect(waitMs({ failed, events: false }, null, 0.5)).toBe(most / 2);
  });
  it("is what the server asks for before a planned restart, within limits", () => {
    expect(waitMs(FIRST, hintOf("retry 3500"), 0.9)).toBe(3500);
    expect(waitMs(FIRST, hintOf("retry 999999"), 0.9)).toBe(30_000);
  });
  it.each(["", "retry", "retry -1", "retry 1e9", "retry 12345678", "going away"])(
    "is not asked for by %j",
    (reason) => {
      expect(hintOf(reason)).toBeNull();
    },
  );
});
