/** Messages after an earthquake has passed or was taken back, and of other sources. */

import { describe, expect, it } from "vitest";
import type { Event } from "../../../core/alert/state";
import { PLACE } from "../../examples";
import { DAY_MS, expected, NOW, phase, send, stateAfter } from "../../simulate";

describe("an earthquake that has passed", () => {
  it("does not begin again for more of the same", () => {
    const first = { m: 6, b: 6.2 - expected({ m: 6 }).mmi };
    const longer = { m: 8.3, b: 6.4 - expected({ m: 8.3 }).mmi };
    const over = expected(first).end + 1000;
    const before = stateAfter([[NOW, send(first)]], over);
    expect(phase(before)).toBe("passed");
    const update = { n: 2, kind: "update", iss: over, exp: over + 180_000 } as const;
    const same = stateAfter([[over, send({ ...longer, ...update })]], 0, {}, before);
    expect(phase(same)).toBe("passed");
    const worse = { ...longer, b: (longer.b ?? 0) + 1.5 };
    expect(phase(stateAfter([[over, send({ ...worse, ...update })]], 0, {}, before))).toBe(
      "shaking",
    );
  });
  it("a follow-up only completes what is known", () => {
    const before = stateAfter([[NOW, send()]], NOW + 110_000);
    const late: Event = send({ n: 5, kind: "follow_up", m: 7.4, exp: NOW + 600_000 });
    const state = stateAfter([[NOW + 111_000, late]], 0, {}, before);
    expect(state.quakes[0]?.message.m).toBe(7.4);
    expect(phase(state)).toBe(phase(before));
  });
});

it("one station alone never counts down, however sure it is of the arrival", () => {
  const single = {
    ns: 1,
    near: [PLACE.lat, PLACE.lon, 40] as [number, number, number],
    st: 0,
    sxy: 0,
  };
  expect(phase(stateAfter([[NOW, send({ ...single, ns: 2 })]]))).toBe("countdown");
  expect(phase(stateAfter([[NOW, send(single)]]))).toBe("imminent");
});

it("a drill changes nothing of the real earthquake that has its name", () => {
  const events: [number, Event][] = [
    [NOW, send()],
    [NOW + 1000, send({ n: 9, kind: "cancel", why: "false", mode: "drill" })],
  ];
  expect(phase(stateAfter(events))).toBe("countdown");
});

describe("a cancel as smaller", () => {
  const smaller = { n: 2, kind: "cancel", why: "smaller", exp: NOW + DAY_MS } as const;
  it("changes nothing where it is strong all the same", () => {
    const events: [number, Event][] = [
      [NOW, send()],
      [NOW + 1000, send(smaller)],
    ];
    expect(phase(stateAfter(events))).toBe("countdown");
  });
  it("of a notice lets the notice come again", () => {
    const events: [number, Event][] = [
      [NOW, send({ m: 5.5 })],
      [NOW + 1000, send({ ...smaller, m: 3.2 })],
    ];
    expect(phase(stateAfter(events))).toBeNull();
    const again = send({ n: 3, kind: "update", m: 5.5 });
    expect(phase(stateAfter([...events, [NOW + 2000, again]]))).toBe("notice");
  });
});

it("what was taken back and begins again has asked to act when it first did", () => {
  const events: [number, Event][] = [
    [NOW, send()],
    [NOW + 1000, send({ n: 2, kind: "cancel", why: "false", exp: NOW + DAY_MS })],
    [NOW + 3000, send({ n: 3, kind: "update" })],
  ];
  const state = stateAfter(events);
  expect(phase(state)).toBe("countdown");
  expect(state.quakes[0]?.actedAt).toBe(NOW);
});
