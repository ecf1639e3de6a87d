/** A hidden live region holds a text only while it is true. */

import { describe, expect, it } from "vitest";
import type { State } from "../../core/alert/model";
import { bannerQuake, shownQuake } from "../../core/alert/quake";
import { type Event, next, start } from "../../core/alert/state";
import { forecast } from "../../core/forecast/forecast";
import { aspect, isOfPage, LiveRegions } from "../../core/output/live_regions";
import { announced } from "../../core/words/words";
import { translator } from "../../languages/language";
import { context, message, PLACE, straightRays, T0 } from "../examples";
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
