/** Ready exactly where a real alert would be accepted. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readiness } from "../../../core/alert/readiness";
import { type Event, start } from "../../../core/alert/state";
import { OWN, T0 } from "../../examples";
import { runs } from "../../runs";
import { device, type RunStep, send, shown } from "../../simulate";

describe("AL-04, AL-08: ready only where real alerts would be taken", () => {
  const beat = (page: ReturnType<typeof device>, more: object = {}, change = {}) => {
    page.at(0, { type: "heartbeat", ...more }, change);
    return readiness(page.state(), OWN);
  };
  it("with a heartbeat, a place, trusted keys and a date", () => {
    expect(readiness(start(), OWN)).toBe("connecting");
    expect(beat(device())).toBe("ready");
    expect(beat(device(), { trusted: true })).toBe("ready");
    const page = device();
    beat(page);
    expect(readiness(page.state(), { ...OWN, place: null })).toBe("placeless");
  });
  it("a key that is not listed: announced once, and gone as soon as it is listed", () => {
    const page = device();
    const untrusted: Event = { type: "heartbeat", trusted: false };
    const announced = (at: number, event: Event) =>
      page.at(at, event).effects.filter((one) => one.do === "announce").length;
    expect(announced(0, untrusted)).toBe(1);
    expect(announced(5, untrusted)).toBe(0);
    expect(readiness(page.state(), OWN)).toBe("untrusted");
    page.at(10, { type: "heartbeat", trusted: true });
    expect(readiness(page.state(), OWN)).toBe("ready");
  });
  it("messages that are refused: until one holds, or none has come for five minutes", () => {
    const page = device();
    page.at(0, { type: "heartbeat" });
    page.at(0, { type: "refused", why: "refused" });
    expect(readiness(page.state(), OWN)).toBe("untrusted");
    page.at(1, send());
    expect(readiness(page.state(), OWN)).toBe("ready");
    page.at(2, { type: "refused", why: "refused" });
    for (let seconds = 2; seconds < 320; seconds += 5) page.at(seconds, { type: "heartbeat" });
    expect(readiness(page.state(), OWN)).toBe("ready");
  });
  it.each([2, -2, 400])("a date that is %i days off", (days) => {
    const change = { deviceNow: T0 + days * 86_400_000, builtAt: T0 - 1e12 };
    const page = device(change);
    expect(beat(page)).toBe("drills");
    page.at(1, send());
    expect(shown({ state: page.state() } as RunStep)).toBeNull();
  });
  it("property: ready only where a real alert is shown, and everywhere where nothing is to be mended", () => {
    const property = fc.property(
      fc.oneof(...[5, 0.1].map((most) => fc.double({ min: -most, max: most, noNaN: true }))),
      fc.boolean(),
      (days, set) => {
        const deviceNow = T0 + 6000 + days * 86_400_000;
        const builtAt = set ? T0 - 1e12 : T0 + 1e12;
        const page = device({ deviceNow, builtAt });
        const is = beat(page);
        page.at(0, send());
        expect(shown({ state: page.state() } as RunStep) === null).toBe(is === "drills");
        expect(is === "ready").toBe(set && Math.abs(days) * 24 <= 1);
      },
    );
    fc.assert(property, { numRuns: runs(300), seed: 4 });
  });
});
