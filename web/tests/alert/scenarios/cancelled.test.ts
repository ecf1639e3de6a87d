/** A cancelled alert: nothing reassures people while another earthquake stands. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lastOf } from "../../../core/alert/recent";
import { type Event, start } from "../../../core/alert/state";
import { alertView } from "../../../core/words/view";
import { translator } from "../../../languages/language";
import { CODES } from "../../../languages/table";
import { T0 } from "../../examples";
import { runs } from "../../runs";
import {
  CALMING,
  CANCEL,
  cancelTexts,
  device,
  FALSE,
  last,
  MINUTE,
  type RunStep,
  run,
  send,
  shown,
  spoken,
} from "../../simulate";
import { WORDING } from "../../wording";

describe("AL-02: no false comfort", () => {
  const real = send({ id: "real", m: 7.3 });
  const twin = send({ id: "twin", m: 7.7, t0: T0 + 40_000, iss: T0 + 66_000, exp: T0 + 300_000 });
  const withdrawn = send({ id: "twin", n: 2, ...FALSE, iss: T0 + 77_000, exp: T0 + 300_000 });
  const split: [number, Event][] = [
    [0, real],
    [60, twin],
    [71, withdrawn],
  ];
  it.each(CODES)("one earthquake split in two: the second was wrong (%s)", (code) => {
    const quake = shown(last(run(split, {}, 73)))!;
    expect(quake.phase).toBe("cancelled");
    expect(quake.concurrent).toBe("first");
    const t = translator(code);
    expect(cancelTexts(quake, code)).not.toMatch(WORDING[code].calming);
    expect(cancelTexts(quake, code)).toContain(t("concurrent.first.action").split("\n")[0]);
    expect(cancelTexts(quake, code)).toContain(t("concurrent.first.action").split("\n")[1]);
  });
  it("also where the page was loaded again, and knows of the first from its history only", () => {
    const { history } = last(run([[0, real]], {}, 40)).state;
    const page = device({}, start(history));
    page.at(60, twin);
    page.at(71, withdrawn);
    expect(cancelTexts(shown({ state: page.state() } as RunStep)!)).not.toMatch(CALMING);
  });
  it("without another earthquake, or ten minutes after one, its texts are plain", () => {
    expect(cancelTexts(shown(last(run(split.slice(1), {}, 73)))!)).toMatch(CALMING);
    const page = device();
    page.at(0, real);
    const later = 15 * MINUTE;
    const t0 = T0 + later * 1000;
    page.at(later, send({ id: "twin", t0, iss: t0 + 6000, exp: t0 + 180_000 }));
    page.at(later + 5, send({ id: "twin", n: 2, ...FALSE, iss: t0 + 11_000, exp: t0 + 180_000 }));
    expect(cancelTexts(shown({ state: page.state() } as RunStep)!)).toMatch(CALMING);
  });
  it("its first texts stay as long as it is on the screen", () => {
    const page = device();
    page.at(0, real);
    for (let seconds = 5; seconds < 570; seconds += 5) page.at(seconds);
    const t0 = T0 + 560_000;
    const times = { t0, iss: t0 + 6000, exp: t0 + 400_000 };
    page.at(570, send({ id: "twin", ...times }));
    page.at(580, send({ id: "twin", n: 2, ...FALSE, ...times }));
    for (let seconds = 581; seconds < 870; seconds += 5) {
      page.at(seconds);
      expect(cancelTexts(shown({ state: page.state() } as RunStep)!)).not.toMatch(CALMING);
    }
  });
  it("a drill is no reason to doubt a cancelled alert", () => {
    const drill = send({ id: "drill", mode: "drill" });
    const events: [number, Event][] = [
      [0, drill],
      [2, send()],
      [4, send({ n: 2, ...FALSE })],
    ];
    expect(cancelTexts(shown(last(run(events, {}, 6)))!)).toMatch(CALMING);
  });
  const event = fc.record({
    id: fc.constantFrom("a", "b", "c"),
    at: fc.double({ min: 0, max: 300, noNaN: true }),
    m: fc.double({ min: 4.5, max: 8.5, noNaN: true }),
    cancel: fc.boolean(),
  });
  it("never, while any earthquake that stands was felt or shown in the last ten minutes", () => {
    const property = fc.property(fc.array(event, { minLength: 2, maxLength: 8 }), (events) => {
      const sorted = [...events].sort((one, other) => one.at - other.at);
      const messages = sorted.map(({ id, at, m, cancel }, i): [number, Event] => {
        const t0 = T0 + at * 1000;
        const what = cancel ? FALSE : { kind: "update" };
        return [at, send({ id, n: i + 1, m, ...what, t0, iss: t0 + 5000, exp: t0 + 400_000 })];
      });
      for (const step of run(messages, {}, 330, 5)) {
        const quake = shown(step);
        if (quake?.phase !== "cancelled") continue;
        const stands = step.state.quakes.some(
          (one) => one.message.kind !== "cancel" && (one.shownLevel > 0 || one.forecast!.mmi >= 3),
        );
        if (stands && CALMING.test(cancelTexts(quake))) throw new Error("calming words");
      }
    });
    fc.assert(property, { numRuns: runs(300), seed: 2 });
  });
});

describe("AL-06: a device that was away when an alert was cancelled", () => {
  const cancel = send({ n: 2, ...FALSE, iss: T0 + 20_000, exp: T0 + 80_000_000 });
  it("receives it when it is back, and its history has it", () => {
    const page = device();
    page.at(0, send());
    for (let seconds = 1; seconds <= 300; seconds += 1) page.at(seconds);
    page.at(301, cancel);
    expect(shown({ state: page.state() } as RunStep)!.phase).toBe("cancelled");
    expect(page.state().history).toHaveLength(1);
    expect(page.state().history[0]!.outcome).toBe("cancelled");
  });
  it("also after the page was loaded again, once", () => {
    const first = device();
    first.at(0, send());
    const page = device({}, start(first.state().history));
    page.at(300, cancel);
    expect(shown({ state: page.state() } as RunStep)!.phase).toBe("cancelled");
    const again = device({}, start(page.state().history));
    again.at(400, cancel);
    expect(shown({ state: again.state() } as RunStep)).toBeNull();
    expect(again.state().history[0]!.outcome).toBe("cancelled");
  });
  it("hours later only the history is corrected", () => {
    const first = device();
    first.at(0, send());
    const page = device({}, start(first.state().history));
    const step = page.at(20_000, cancel);
    expect(shown(step as RunStep)).toBeNull();
    expect(step.effects).toEqual([]);
    expect(page.state().history[0]!.outcome).toBe("cancelled");
  });
  it("a cancel of what was never aloud of is no news", () => {
    const page = device();
    page.at(300, cancel);
    expect(page.state().history).toEqual([]);
  });
  it("a cancel as smaller corrects the history too", () => {
    const page = device();
    page.at(0, send());
    for (let seconds = 1; seconds <= 120; seconds += 1) page.at(seconds);
    page.at(121, send({ ...CANCEL, n: 2, exp: T0 + 80_000_000 }));
    expect(page.state().history[0]!.outcome).toBe("lowered");
  });
});

describe("the end of an operator's drill", () => {
  const DRILL = { id: "drill", mode: "drill" };
  const ended = (before: [number, Event][] = []) =>
    shown(
      last(run([...before, [12, send(DRILL)], [13, send({ ...DRILL, n: 2, ...FALSE })]], {}, 14)),
    )!;
  it.each(CODES)("is called an end, not a wrong alert (%s)", (code) => {
    const t = translator(code);
    const viewer = { t, profile: "standard", tv: false } as const;
    const view = alertView(ended(), viewer)!;
    expect([view.title, view.why, view.drill]).toEqual([t("ended.title"), "", true]);
    expect(cancelTexts(ended(), code)).not.toContain(t("cancelled.title"));
    expect(spoken("cancelled", ended(), t, "standard")).toContain(t("drill.spoken"));
  });
});

describe("the last earthquake on the home page", () => {
  const after = (events: [number, Event][]) => lastOf(last(run(events, {}, 40)).state.history);
  const far = send({ id: "far", m: 7.2 });
  const one = send({ id: "one", m: 7.7 });
  const drill = send({ id: "drill", mode: "drill" });
  it("is none that was cancelled", () => {
    expect(after([[0, one]])?.id).toBe("one");
    expect(
      after([
        [0, one],
        [5, send({ id: "one", n: 2, ...FALSE })],
      ]),
    ).toBeNull();
    expect(
      after([
        [0, far],
        [5, one],
        [9, send({ id: "one", n: 2, ...FALSE })],
      ])?.id,
    ).toBe("far");
  });
  it("is no drill where a real one is known", () => {
    expect(after([[0, drill]])?.id).toBe("drill");
    expect(
      after([
        [0, drill],
        [5, one],
      ])?.id,
    ).toBe("one");
  });
});
