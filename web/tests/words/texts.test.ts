/** The same figure has the same words everywhere. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Event } from "../../core/alert/state";
import { geohash } from "../../core/forecast/geohash";
import { intensityText, timeline } from "../../core/words/facts";
import { alertView } from "../../core/words/view";
import { announced } from "../../core/words/words";
import { translator } from "../../languages/language";
import { CODES } from "../../languages/table";
import { PLACE } from "../examples";
import { runs } from "../runs";
import { last, type RunStep, run, send, shown } from "../simulate";
import { WORDING } from "../wording";

describe("one intensity has one word", () => {
  it.each(CODES)("on the alert, spoken, and on the home page (%s)", (code) => {
    const t = translator(code);
    const property = fc.property(fc.double({ min: 6.8, max: 8.5, noNaN: true }), (m) => {
      const quake = shown(last(run([[0, send({ m })]], {}, 1)))!;
      if (quake.phase !== "countdown") return;
      const word = intensityText(quake.forecast!.mmi, t).split(" · ")[1]!;
      const view = alertView(quake, { t, profile: "standard", tv: false })!;
      for (const text of [view.word, view.countLabel, announced("alert", quake, t, "standard")])
        expect(text.toLowerCase()).toContain(word);
      expect(view.word.toLowerCase().replace(word, "").trim()).toMatch(WORDING[code].shaking);
    });
    fc.assert(property, { numRuns: runs(200), seed: 9 });
  });
  it("also where only a cell has it", () => {
    const cells = { [geohash(PLACE.lat, PLACE.lon)]: 5.2 };
    const unknown = { t0: null, lat: null, lon: null, m: null, cells };
    const quake = shown(last(run([[0, send(unknown)]], {}, 1)))!;
    const view = alertView(quake, { t: translator("en"), profile: "standard", tv: false })!;
    expect(view.word).toBe("Moderate shaking");
  });
});

it("the warning time counts from the first message that asked to act", () => {
  const events: [number, Event][] = [
    [0, send({ m: 5.6 })],
    [6, send({ n: 2, kind: "update", m: 7.7 })],
  ];
  const rows = (steps: RunStep[]) =>
    Object.fromEntries(timeline(last(steps).state.history[0]!, translator("en")));
  expect(rows(run(events, {}, 8))).toMatchObject({
    "Detected after": "6 s",
    "Alert shown after": "12 s",
    "Warning time": "11 s",
  });
  expect(rows(run(events.slice(0, 1), {}, 8))["Warning time"]).toBeUndefined();
  const late = rows(run([[6, send({ n: 9, kind: "update" })]], {}, 8));
  expect(late["Detected after"]).toBeUndefined();
  expect(late["Alert shown after"]).toBe("12 s");
});
