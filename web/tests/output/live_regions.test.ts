/** A hidden live region holds a text only while it is true. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { State } from "../../core/alert/model";
import { bannerQuake, shownQuake } from "../../core/alert/quake";
import { type Event, next, start } from "../../core/alert/state";
import { forecast } from "../../core/forecast/forecast";
import { aspect, isOfPage, LiveRegions } from "../../core/output/live_regions";
import { announced } from "../../core/words/words";
import { translator } from "../../languages/language";
import { context, message, PLACE, straightRays, T0 } from "../examples";
import { runs } from "../runs";
import { send } from "../simulate";

/** A page as device.ts drives it; ticks each 0.25 s between events. */
function page() {
  let state: State = start();
  let clock = 0;
  const regions = { live: { textContent: "" }, polite: { textContent: "" } };
  const live = new LiveRegions(regions);
  const step = (ms: number, event: Event) => {
    const now = T0 + 6000 + ms;
    const { state: after, effects } = next(state, event, now, context({ deviceNow: now }));
    state = after;
    for (const effect of effects) {
      if (effect.do !== "announce") continue;
      const { utterance } = effect;
      const quake = isOfPage(utterance)
        ? null
        : utterance === "notice"
          ? bannerQuake(state)
          : shownQuake(state);
      const about = { quake: quake?.key ?? "", aspect: quake ? aspect(quake) : "" };
      const text = announced(utterance, quake, translator("en"), "standard");
      live.say({ text, utterance, ...about, counts: quake?.seconds != null }, effect.politely, ms);
    }
    live.draw(state, ms);
  };
  return (seconds: number, event: Event = { type: "tick" }) => {
    for (; clock < seconds * 1000; clock += 250) step(clock, { type: "tick" });
    step(seconds * 1000, event);
    return { live: regions.live.textContent, polite: regions.polite.textContent };
  };
}

const since = (time: number) => (time - T0 - 6000) / 1000;

/** Text with a drill's word or a number in it; what a real alert must not be replaced by. */
describe("a real alert or a cancel", () => {
  const drill = (change: object = {}) => send({ id: "d", mode: "drill", ...change });
  it("after a drill is announced at once, and no number takes its place", () => {
    const at = page();
    expect(at(0, drill()).live).toMatch(/^Drill\./);
    const { live } = at(0.8, send({ m: 8.3, iss: T0 + 6800 }));
    expect(live).toMatch(/^Earthquake\. Drop, cover, hold on\./);
    expect(live).toMatch(/in about \d+ seconds\.$/);
    for (let s = 0.8; s < 4.7; s += 0.25) expect(at(s).live).toBe(live);
  });
  it("is announced at once and wholly, whatever came before it", () => {
    const before = fc.constantFrom("drill", "alert", "rise", "light", "tick");
    const last = fc.constantFrom("alert", "cancel");
    const gaps = fc.array(fc.tuple(before, fc.integer({ min: 0, max: 16 })), { maxLength: 12 });
    const property = fc.property(
      gaps,
      last,
      fc.integer({ min: 0, max: 16 }),
      (events, end, gap) => {
        const at = page();
        let seconds = 0;
        let n = 0;
        const event = (kind: string): Event => {
          n += 1;
          if (kind === "tick") return { type: "tick" };
          if (kind === "drill") return drill({ id: `d${n}` });
          if (kind === "light") return send({ id: `l${n}`, m: 5.5 });
          return send({ id: "a", n, m: kind === "rise" ? 8.3 : 7.7 });
        };
        for (const [kind, quarters] of events) {
          at(seconds, event(kind));
          seconds += quarters / 4;
        }
        if (seconds > 12) return; // by then it shakes, and other words are right
        at(seconds, send({ id: "a", n: 90 }));
        seconds += gap / 4;
        if (end === "cancel") {
          const { live } = at(seconds, send({ id: "a", n: 91, kind: "cancel", why: "false" }));
          expect(live).toContain("cancelled.");
        } else {
          const { live } = at(seconds, send({ id: "b", n: 91, m: 8.6 }));
          expect(live).toMatch(/^Earthquake\. |^Shaking now/);
        }
      },
    );
    fc.assert(property, { numRuns: runs(60) });
  });
});

describe("a live region", () => {
  it("holds no number of seconds for longer than it is about right", () => {
    const at = page();
    expect(at(0, send()).live).toMatch(/in about 1\d seconds/);
    expect(at(3.9).live).toMatch(/seconds/);
    expect(at(4.1).live).toBe("");
  });
  it("holds no word of an earthquake's phase once another has begun", () => {
    const at = page();
    const { sArrival, end } = forecast(message(), PLACE, straightRays())!;
    at(0, send());
    expect(at(since(sArrival) + 5).live).toContain("Shaking now.");
    const over = at(since(end) + 1);
    expect(over.live).toBe("");
    expect(over.polite).toContain("should be over");
    expect(at(since(end) + 31).polite).toBe("");
  });
  it("is emptied when an alert is taken back and closed", () => {
    const at = page();
    at(0, send());
    expect(at(4.5, send({ n: 2, kind: "cancel", why: "false" })).live).toContain("Alert cancelled");
    expect(at(6, { type: "ok" }).live).toBe("");
  });
  it("holds a notice until its waves have arrived", () => {
    const at = page();
    const { sArrival } = forecast(message({ m: 6.5 }), PLACE, straightRays())!;
    expect(at(0, send({ m: 6.5 })).polite).toContain("It may become stronger.");
    expect(at(since(sArrival) + 0.1).polite).toBe("");
  });
  it("shows that the page is not connected for as long as it is not", () => {
    const at = page();
    at(0, { type: "heartbeat" });
    expect(at(11).polite).toContain("NOT connected.");
    expect(at(30).polite).toContain("NOT connected.");
    expect(at(31, { type: "heartbeat" }).polite).toBe("");
  });
});
