/** Light earthquakes in the banner: one, many, and one that may still grow. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bannerQuake } from "../../../core/alert/quake";
import type { Event } from "../../../core/alert/state";
import { forecast } from "../../../core/forecast/forecast";
import { noticeTexts } from "../../../core/words/words";
import { TEXTS, translator } from "../../../languages/language";
import { CODES } from "../../../languages/table";
import { message, PLACE, straightRays, T0 } from "../../examples";
import { runs } from "../../runs";
import { all, device, last, run, send, shown } from "../../simulate";
import { WORDING } from "../../wording";

describe("AL-11: a swarm", () => {
  const swarm = Array.from({ length: 30 }, (_, i): [number, Event] => {
    const t0 = T0 + i * 20_000;
    return [i * 20, send({ id: `s${i}`, m: 5.5, t0, iss: t0 + 6000, exp: t0 + 180_000 })];
  });
  it("of 30 light earthquakes sounds three times, and is summed up", () => {
    const steps = run(swarm, {}, 595, 1);
    expect(all(steps, "alarm")).toHaveLength(3);
    const quake = bannerQuake(last(steps).state)!;
    const words = noticeTexts(quake, translator("en")).join(" ");
    expect(words).toMatch(/^Several earthquakes nearby 30 in the last 10 minutes/);
    expect(words).toContain("Strongest here: IV · light.");
  });
  it("a stronger one among them is aloud, an alert always", () => {
    const t0 = T0 + 300_000;
    const times = { t0, iss: t0 + 6000, exp: t0 + 180_000 };
    const stronger = [...swarm, [301, send({ id: "x", m: 6.2, ...times })] as [number, Event]];
    expect(all(run(stronger, {}, 320, 1), "alarm")).toHaveLength(4);
    const strong = [...swarm, [301, send({ id: "x", m: 7.5, ...times })] as [number, Event]];
    expect(all(run(strong, {}, 305, 1), "alarm").map((one) => "level" in one && one.level)).toEqual(
      [1, 1, 1, 2],
    );
  });
  it("its banner is closed by one press", () => {
    const page = device();
    for (const [at, event] of swarm.slice(0, 5)) page.at(at, event);
    const { banner } = page.state();
    page.at(90, { type: "ok", quake: banner! });
    expect(page.state().banner).toBeNull();
  });
});

describe("a notice is true for as long as it is shown", () => {
  const light = { m: 6.5 };
  const { sArrival, end } = forecast(message(light), PLACE, straightRays())!;
  const since = (time: number) => (time - T0 - 6000) / 1000;
  it("shows what may come until the waves arrive, then that they have, and ends with the shaking", () => {
    const page = device();
    page.at(0, send(light));
    const texts = (seconds: number) => {
      page.at(seconds);
      const quake = bannerQuake(page.state());
      return quake && noticeTexts(quake, translator("en")).join(" ");
    };
    expect(texts(since(sArrival) - 0.1)).toContain("It may become stronger.");
    expect(texts(since(sArrival))).toContain("The waves have arrived.");
    expect(texts(since(sArrival))).not.toContain("may become");
    expect(texts(since(end) - 0.1)).toContain("The waves have arrived.");
    expect(texts(since(end))).toBeNull();
  });
  it("is not shown where the shaking is over when it comes", () => {
    const page = device();
    page.at(since(end) - 1, send(light));
    expect(bannerQuake(page.state())?.arrived).toBe(true);
    const late = device();
    late.at(since(end) + 1, send(light));
    expect(bannerQuake(late.state())).toBeNull();
  });
});

describe("while an earthquake may still grow", () => {
  it.each(CODES)("no text tells people to do nothing (%s)", (code) => {
    for (const [key, text] of Object.entries(TEXTS[code]!)) {
      expect(text, key).not.toMatch(WORDING[code].nothingToDo);
    }
    const quake = shown(last(run([[0, send({ m: 6.5 })]], {}, 1)))!;
    expect(quake.phase).toBe("notice");
    expect(noticeTexts(quake, translator(code)).join()).toContain(
      translator(code)("notice.detail"),
    );
  });
  it("property: the banner's word is that of the intensity beside it", () => {
    const property = fc.property(fc.double({ min: 5, max: 7, noNaN: true }), (m) => {
      const quake = shown(last(run([[0, send({ m })]], {}, 1)));
      if (quake?.phase !== "notice") return;
      const t = translator("en");
      const word = { 4: "Light", 5: "Moderate" }[Math.round(quake.forecast!.mmi) as 4 | 5];
      expect(noticeTexts(quake, t)[1]).toBe(`${word} shaking possible.`);
    });
    fc.assert(property, { numRuns: runs(200), seed: 5 });
  });
});
