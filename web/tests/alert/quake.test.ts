/** How long a phase stays on the screen, from both sides of each limit. */

import { describe, expect, it } from "vitest";
import type { Quake } from "../../core/alert/model";
import { enter, newQuake, rewound } from "../../core/alert/quake";
import type { Event } from "../../core/alert/state";
import { geohash } from "../../core/forecast/geohash";
import { message, PLACE, T0 } from "../examples";
import { afterS, DAY_MS, expected, NOW, phase, receivedAt, send, stateAfter } from "../simulate";

describe("how long a phase stays", () => {
  it("received in the middle of the shaking, it shakes for 20 s at least", () => {
    const weak = { m: 5, b: 5.5 - expected({ m: 5 }).mmi };
    const { sArrival, end } = expected(weak);
    const at = sArrival + (end - sArrival) * 0.45;
    expect(phase(stateAfter([receivedAt(at, weak)], at + 19_500))).toBe("shaking");
    expect(phase(stateAfter([receivedAt(at, weak)], at + 20_500))).toBe("passed");
  });
  it("and for three minutes at most, however far the end is put off", () => {
    const { sArrival } = expected();
    const began: [number, Event][] = [[NOW, send()]];
    const off = { n: 2, kind: "update", t0: T0 + 200_000, exp: T0 + 600_000 } as const;
    const events: [number, Event][] = [...began, [sArrival + 5000, send(off)]];
    expect(phase(stateAfter(events, sArrival + 175_000))).toBe("shaking");
    expect(phase(stateAfter(events, sArrival + 185_000))).toBe("passed");
  });
  it("without a source the warning stands for a minute", () => {
    const unknown = {
      t0: null,
      lat: null,
      lon: null,
      m: null,
      cells: { [geohash(PLACE.lat, PLACE.lon)]: 6 },
    };
    expect(phase(stateAfter([[NOW, send(unknown)]], NOW + 59_000))).toBe("imminent");
    expect(phase(stateAfter([[NOW, send(unknown)]], NOW + 62_000))).toBe("passed");
  });
  it("what was taken back is on the screen for five minutes", () => {
    const events: [number, Event][] = [
      [NOW, send()],
      [NOW + 1000, send({ n: 2, kind: "cancel", why: "false", exp: NOW + DAY_MS })],
    ];
    expect(phase(stateAfter(events, NOW + 299_000))).toBe("cancelled");
    expect(phase(stateAfter(events, NOW + 303_000))).toBeNull();
  });
  it("what is to be done now cannot be closed", () => {
    const at = afterS(3);
    expect(phase(stateAfter([receivedAt(at), [at + 1000, { type: "ok" }]]))).toBe("shaking");
  });
  it("the server's clock steps back: what began later begins now", () => {
    const quake: Quake = enter(newQuake("k", message(), NOW), "shaking", NOW);
    expect(rewound(quake, NOW - 60_000)).toMatchObject({ phase: "shaking", since: NOW - 60_000 });
    expect(rewound(quake, NOW + 60_000)).toMatchObject({ phase: "shaking", since: NOW });
    expect(rewound(quake, NOW - 599_000).phase).toBe("shaking");
    expect(rewound(quake, NOW - 601_000).phase).toBeNull();
  });
});
