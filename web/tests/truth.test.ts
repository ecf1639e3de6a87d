/** What people are shown is true: what comes after an alert was lowered, cancelled, or is over. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { intensityText, timeline } from "../core/facts";
import { forecast } from "../core/forecast";
import { geohash } from "../core/geohash";
import { LANGUAGES, translator } from "../core/language";
import type { Quake, State } from "../core/model";
import { bannerQuake, isAlert } from "../core/quake";
import { readiness } from "../core/readiness";
import { type Context, type Event, next, start } from "../core/state";
import { alertView } from "../core/view";
import { announced, noticeTexts, spoken } from "../core/words";
import { context, message, PLACE, straightRays, T0 } from "./examples";
import { all, phases, type RunStep, run, send, shown } from "./simulate";

const CANCEL = { kind: "cancel", why: "smaller", m: 4.2 };
const FALSE = { kind: "cancel", why: "false" };
const MINUTE = 60;
const last = (moments: RunStep[]) => moments[moments.length - 1]!;
const said = (quake: Quake, code = "en") => {
  const viewer = { t: translator(code), profile: "standard", tv: false } as const;
  const view = alertView(quake, viewer);
  const texts = [view?.title, ...(view?.action ?? []), view?.detail];
  const heard = [spoken, announced].map((words) => words("cancelled", quake, viewer.t, "standard"));
  return [...texts, ...heard].join(" ");
};
const CALMING = /\bsafe\b|carry on|no earthquake|没有危险|恢复正常|没有发生地震/i;

/** A device that goes on from a state. */
function device(change: Partial<Context> = {}, state: State = start()) {
  const at = (seconds: number, event: Event = { type: "tick" }, more: Partial<Context> = {}) => {
    const now = T0 + 6000 + seconds * 1000;
    const step = next(state, event, now, context({ deviceNow: now, ...change, ...more }));
    state = step.state;
    return step;
  };
  return { at, state: () => state };
}

describe("AL-01: what was lowered or cancelled and is strong after all", () => {
  it("alerts again, with its sound, as a page that is opened then", () => {
    const events: [number, Event][] = [
      [0, send()],
      [2, send({ ...CANCEL, n: 2 })],
      [4, send({ n: 3, kind: "update", m: 7.8 })],
    ];
    const moments = run(events, {}, 6);
    expect(phases(moments)).toEqual(["countdown", "lowered", "countdown"]);
    expect(all(moments, "alarm")).toHaveLength(2);
    expect(shown(last(moments))!.seconds).toBe(shown(last(run([events[2]!], {}, 6)))!.seconds);
  });
  it.each(["ok", "nothing"])("also where the person had pressed %s", (press) => {
    const ok: [number, Event][] = press === "ok" ? [[3, { type: "ok" }]] : [];
    const events: [number, Event][] = [
      ...[[0, send()] as [number, Event], [2, send({ ...FALSE, n: 2 })] as [number, Event], ...ok],
      [4, send({ n: 3, kind: "update", m: 7.8 })],
    ];
    expect(phases(run(events, {}, 6)).slice(-1)).toEqual(["countdown"]);
  });
  it("is a weak one after all: nothing says any more that there is none", () => {
    const events: [number, Event][] = [
      [0, send()],
      [2, send({ ...FALSE, n: 2 })],
      [4, send({ n: 3, kind: "update", m: 3.3 })],
    ];
    expect(phases(run(events, {}, 6))).toEqual(["countdown", "cancelled", null]);
  });
  const version = fc.record({
    wait: fc.double({ min: 0.3, max: 4, noNaN: true }),
    what: fc.constantFrom({ kind: "update" }, { kind: "update", why: "smaller" }, CANCEL, FALSE),
    m: fc.double({ min: 3.5, max: 8.8, noNaN: true }),
    ok: fc.boolean(),
  });
  it("a device that was there does what one does that hears of it only now", () => {
    const property = fc.property(fc.array(version, { minLength: 1, maxLength: 8 }), (versions) => {
      const there = device();
      there.at(0, send({ m: 7.7 }));
      let seconds = 0;
      versions.forEach(({ wait, what, m, ok }, i) => {
        if (ok) there.at(seconds, { type: "ok" });
        seconds += wait;
        const message = send({ ...what, n: i + 2, ...(what === CANCEL ? {} : { m }) });
        const before = isAlert(shown({ state: there.state() } as RunStep)?.phase ?? null);
        const old = there.at(seconds, message);
        const fresh = device().at(seconds, message);
        const [a, b] = [old, fresh].map((step) => shown(step as RunStep));
        if (!isAlert(b?.phase ?? null)) return;
        expect(a?.phase).toBe(b!.phase);
        expect(a!.level).toBeGreaterThanOrEqual(b!.level);
        if (before) return;
        expect(a!.seconds).toBe(b!.seconds);
        expect(old.effects).toEqual(fresh.effects);
      });
    });
    fc.assert(property, { numRuns: 2000, seed: 1 });
  });
  it("what was over and is still to come is told again", () => {
    const near = { m: 6.9, lat: 30.8 };
    const { end } = forecast(message(near), PLACE, straightRays())!;
    const early = send({ ...near, t0: T0 + 6000 + 30_000 - (end - T0) }); // over after 30 s
    const moments = run(
      [
        [0, early],
        [40, send({ n: 2, kind: "update", m: 8.2, t0: T0 + 30_000, lat: 31.6 })],
      ],
      {},
      42,
    );
    expect(phases(moments).slice(-2)).toEqual(["passed", "countdown"]);
  });
});

describe("AL-02: no false comfort", () => {
  const real = send({ id: "real", m: 7.3 });
  const twin = send({ id: "twin", m: 7.7, t0: T0 + 40_000, iss: T0 + 66_000, exp: T0 + 300_000 });
  const withdrawn = send({ id: "twin", n: 2, ...FALSE, iss: T0 + 77_000, exp: T0 + 300_000 });
  const split: [number, Event][] = [
    [0, real],
    [60, twin],
    [71, withdrawn],
  ];
  it.each(Object.keys(LANGUAGES))(
    "one earthquake split in two: the second was wrong (%s)",
    (code) => {
      const quake = shown(last(run(split, {}, 73)))!;
      expect(quake.phase).toBe("cancelled");
      expect(quake.concurrent).toBe("first");
      const t = translator(code);
      expect(said(quake, code)).not.toMatch(CALMING);
      expect(said(quake, code)).toContain(t("concurrent.first.action").split("\n")[0]);
      expect(said(quake, code)).toContain(t("concurrent.first.action").split("\n")[1]);
    },
  );
  it("also where the page was loaded again, and knows of the first from its history only", () => {
    const { history } = last(run([[0, real]], {}, 40)).state;
    const page = device({}, start(history));
    page.at(60, twin);
    page.at(71, withdrawn);
    expect(said(shown({ state: page.state() } as RunStep)!)).not.toMatch(CALMING);
  });
  it("without another earthquake, or ten minutes after one, it says so plainly", () => {
    expect(said(shown(last(run(split.slice(1), {}, 73)))!)).toMatch(CALMING);
    const page = device();
    page.at(0, real);
    const later = 15 * MINUTE;
    const t0 = T0 + later * 1000;
    page.at(later, send({ id: "twin", t0, iss: t0 + 6000, exp: t0 + 180_000 }));
    page.at(later + 5, send({ id: "twin", n: 2, ...FALSE, iss: t0 + 11_000, exp: t0 + 180_000 }));
    expect(said(shown({ state: page.state() } as RunStep)!)).toMatch(CALMING);
  });
  it("what it said first it says as long as it is on the screen", () => {
    const page = device();
    page.at(0, real);
    for (let seconds = 5; seconds < 570; seconds += 5) page.at(seconds);
    const t0 = T0 + 560_000;
    const times = { t0, iss: t0 + 6000, exp: t0 + 400_000 };
    page.at(570, send({ id: "twin", ...times }));
    page.at(580, send({ id: "twin", n: 2, ...FALSE, ...times }));
    for (let seconds = 581; seconds < 870; seconds += 5) {
      page.at(seconds);
      expect(said(shown({ state: page.state() } as RunStep)!)).not.toMatch(CALMING);
    }
  });
  it("a drill is no reason to doubt a cancelled alert", () => {
    const drill = send({ id: "drill", mode: "drill" });
    const events: [number, Event][] = [
      [0, drill],
      [2, send()],
      [4, send({ n: 2, ...FALSE })],
    ];
    expect(said(shown(last(run(events, {}, 6)))!)).toMatch(CALMING);
  });
  const event = fc.record({
    id: fc.constantFrom("a", "b", "c"),
    at: fc.double({ min: 0, max: 300, noNaN: true }),
    m: fc.double({ min: 4.5, max: 8.5, noNaN: true }),
    cancel: fc.boolean(),
  });
  it("never, while any earthquake that stands was felt or told in the last ten minutes", () => {
    const property = fc.property(fc.array(event, { minLength: 2, maxLength: 8 }), (events) => {
      const sorted = [...events].sort((one, other) => one.at - other.at);
      const messages = sorted.map(({ id, at, m, cancel }, i): [number, Event] => {
        const t0 = T0 + at * 1000;
        const what = cancel ? FALSE : { kind: "update" };
        return [at, send({ id, n: i + 1, m, ...what, t0, iss: t0 + 5000, exp: t0 + 400_000 })];
      });
      for (const moment of run(messages, {}, 330, 5)) {
        const quake = shown(moment);
        if (quake?.phase !== "cancelled") continue;
        const stands = moment.state.quakes.some(
          (one) => one.message.kind !== "cancel" && (one.shownLevel > 0 || one.forecast!.mmi >= 3),
        );
        if (stands && CALMING.test(said(quake))) throw new Error("calming words");
      }
    });
    fc.assert(property, { numRuns: 300, seed: 2 });
  });
});

describe("AL-03: a screen that nobody attends", () => {
  const quiet = device();
  quiet.at(0, send());
  for (let seconds = 1; seconds <= 3600; seconds += 1) quiet.at(seconds);
  const shownNow = () => shown({ state: quiet.state() } as RunStep);
  it("leaves the list of what to do after half an hour", () => {
    expect(shownNow()).toBeNull();
  });
  it("shows and sounds a light earthquake while the list is open, and a drill later", () => {
    const page = device();
    page.at(0, send());
    for (let seconds = 1; seconds <= 900; seconds += 1) page.at(seconds);
    expect(shown({ state: page.state() } as RunStep)!.phase).toBe("after");
    const t0 = T0 + 900_000;
    const times = { t0, iss: t0 + 6000, exp: t0 + 180_000 };
    const light = page.at(901, send({ id: "light", m: 5.6, ...times }));
    expect(bannerQuake(page.state())!.message.id).toBe("light");
    expect(light.effects).toContainEqual({
      do: "alarm",
      sound: "S1",
      utterance: "notice",
      level: 1,
    });
    expect(page.state().quakes.some((quake) => quake.phase === "after")).toBe(true);
    const drill = send({ id: "drill", mode: "drill", ...times });
    page.at(902, drill);
    expect(page.state().history[0]!.outcome).toBe("real");
    const later = { t0: t0 + 700_000, iss: t0 + 706_000, exp: t0 + 900_000 };
    page.at(1607, send({ id: "drill", mode: "drill", ...later }));
    expect(shown({ state: page.state() } as RunStep)!.message.mode).toBe("drill");
  });
  it("a notice lies in the banner over an alert that was cancelled, and sounds", () => {
    const events: [number, Event][] = [
      [0, send()],
      [3, send({ n: 2, ...FALSE })],
      [5, send({ id: "light", m: 5.6 })],
    ];
    const moments = run(events, {}, 8);
    expect(shown(last(moments))!.phase).toBe("cancelled");
    expect(bannerQuake(last(moments).state)!.message.id).toBe("light");
    expect(all(moments, "alarm")).toHaveLength(2);
    expect(said(shown(last(moments))!)).not.toMatch(CALMING);
  });
});

describe("AL-06: a device that was away when an alert was cancelled", () => {
  const cancel = send({ n: 2, ...FALSE, iss: T0 + 20_000, exp: T0 + 80_000_000 });
  it("learns of it when it is back, and its history says so", () => {
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
  it("a cancel of what was never heard of is no news", () => {
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

describe("AL-07: an update that falls below the level of this place", () => {
  it.each([null, "smaller"])("lowers the alert, why %s", (why) => {
    const events: [number, Event][] = [
      [0, send()],
      [3, send({ n: 2, kind: "update", why, m: 6, level: "aware" })],
    ];
    expect(phases(run(events, {}, 60))).toEqual(["countdown", "lowered"]);
  });
  it("also where the epicentre has moved beyond all tables", () => {
    const far = send({ n: 2, kind: "update", lat: 50, lon: 104 });
    expect(
      phases(
        run(
          [
            [0, send()],
            [3, far],
          ],
          {},
          6,
        ),
      ),
    ).toEqual(["countdown", "lowered"]);
  });
  it("property: never shaking by a version that is clearly too weak", () => {
    const property = fc.property(fc.double({ min: 3.5, max: 8, noNaN: true }), (m) => {
      const update = send({ n: 2, kind: "update", m });
      const moments = run(
        [
          [0, send()],
          [3, update],
        ],
        {},
        30,
        1,
      );
      const mmi = shown(last(moments))!.forecast!.mmi;
      if (mmi < 4.7) expect(phases(moments)).not.toContain("shaking");
      else expect(phases(moments)).toContain("shaking");
    });
    fc.assert(property, { numRuns: 200, seed: 3 });
  });
  it("does not end the alert where it shakes, unless the message says so", () => {
    const update = (why: string | null) =>
      phases(
        run(
          [
            [0, send()],
            [25, send({ n: 2, kind: "update", why, m: 6 })],
          ],
          {},
          27,
        ),
      );
    expect(update(null).slice(-1)).toEqual(["shaking"]);
    expect(update("smaller").slice(-1)).toEqual(["lowered"]);
  });
});

describe("AL-04, AL-08: ready only where real alerts would be taken", () => {
  const beat = (page: ReturnType<typeof device>, more: object = {}, change = {}) => {
    page.at(0, { type: "heartbeat", ...more }, change);
    return readiness(page.state(), PLACE);
  };
  it("with a heartbeat, a place, trusted keys and a date", () => {
    expect(readiness(start(), PLACE)).toBe("connecting");
    expect(beat(device())).toBe("ready");
    expect(beat(device(), { trusted: true })).toBe("ready");
    const page = device();
    beat(page);
    expect(readiness(page.state(), null)).toBe("placeless");
  });
  it("a key that is not listed: said once, and gone as soon as it is listed", () => {
    const page = device();
    const untrusted: Event = { type: "heartbeat", trusted: false };
    const announced = (at: number, event: Event) =>
      page.at(at, event).effects.filter((one) => one.do === "announce").length;
    expect(announced(0, untrusted)).toBe(1);
    expect(announced(5, untrusted)).toBe(0);
    expect(readiness(page.state(), PLACE)).toBe("untrusted");
    page.at(10, { type: "heartbeat", trusted: true });
    expect(readiness(page.state(), PLACE)).toBe("ready");
  });
  it("messages that are refused: until one holds, or none has come for five minutes", () => {
    const page = device();
    page.at(0, { type: "heartbeat" });
    page.at(0, { type: "refused", why: "refused" });
    expect(readiness(page.state(), PLACE)).toBe("untrusted");
    page.at(1, send());
    expect(readiness(page.state(), PLACE)).toBe("ready");
    page.at(2, { type: "refused", why: "refused" });
    for (let seconds = 2; seconds < 320; seconds += 5) page.at(seconds, { type: "heartbeat" });
    expect(readiness(page.state(), PLACE)).toBe("ready");
  });
  it.each([2, -2, 400])("a date that is %i days off", (days) => {
    const change = { deviceNow: T0 + days * 86_400_000, builtAt: T0 - 1e12 };
    const page = device(change);
    expect(beat(page)).toBe("drills");
    page.at(1, send());
    expect(shown({ state: page.state() } as RunStep)).toBeNull();
  });
  it("property: ready exactly where a real alert is shown", () => {
    const property = fc.property(
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.boolean(),
      (days, set) => {
        const deviceNow = T0 + 6000 + days * 86_400_000;
        const builtAt = set ? T0 - 1e12 : T0 + 1e12;
        const page = device({ deviceNow, builtAt });
        const ready = beat(page) === "ready";
        page.at(0, send());
        expect(shown({ state: page.state() } as RunStep) !== null).toBe(ready);
      },
    );
    fc.assert(property, { numRuns: 300, seed: 4 });
  });
});

describe("AL-11: a swarm", () => {
  const swarm = Array.from({ length: 30 }, (_, i): [number, Event] => {
    const t0 = T0 + i * 20_000;
    return [i * 20, send({ id: `s${i}`, m: 5.5, t0, iss: t0 + 6000, exp: t0 + 180_000 })];
  });
  it("of 30 light earthquakes sounds three times, and is summed up", () => {
    const moments = run(swarm, {}, 595, 1);
    expect(all(moments, "alarm")).toHaveLength(3);
    const quake = bannerQuake(last(moments).state)!;
    const words = noticeTexts(quake, translator("en")).join(" ");
    expect(words).toMatch(/^Several earthquakes nearby 30 in the last 10 minutes/);
    expect(words).toContain("Strongest here: IV · light.");
  });
  it("a stronger one among them is heard, an alert always", () => {
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

describe("AL-25: a recorded earthquake shown twice with the page open", () => {
  const showing: [number, Event][] = [
    [0, send({ mode: "drill" })],
    [10, send({ mode: "drill", n: 2, kind: "update", m: 7.8, iss: T0 + 16_000 })],
  ];
  const show = (page: ReturnType<typeof device>, events: [number, Event][]) =>
    events.flatMap(([at, event]) => page.at(at, event).effects).filter((e) => e.do === "alarm");
  it("alerts each time, and is written down each time", () => {
    const page = device();
    expect(show(page, showing)).toHaveLength(1);
    page.at(100);
    page.at(-8, { type: "heartbeat" });
    expect(show(page, showing)).toHaveLength(1);
    expect(page.state().history).toHaveLength(2);
  });
  it("a real alert is not shown again by a clock that steps back", () => {
    const page = device();
    show(page, [[0, send()]]);
    page.at(100);
    page.at(-8, { type: "heartbeat" });
    expect(show(page, [[0, send()]])).toHaveLength(0);
  });
  it.each([5.6, 7.7])("a clock that steps back by a year keeps no screen for a year, M%f", (m) => {
    const page = device({ deviceNow: T0 });
    page.at(0, send({ m }));
    const year = -365 * 86_400;
    page.at(year);
    for (let seconds = 0; seconds < 400; seconds += 5) page.at(year + seconds);
    expect(shown({ state: page.state() } as RunStep)).toBeNull();
  });
});

describe("a notice is true for as long as it is shown", () => {
  const light = { m: 6.5 };
  const { sArrival, end } = forecast(message(light), PLACE, straightRays())!;
  const since = (time: number) => (time - T0 - 6000) / 1000;
  it("says what may come until the waves arrive, then that they have, and ends with the shaking", () => {
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
  it.each(Object.keys(LANGUAGES))("no text tells people to do nothing (%s)", (code) => {
    for (const [key, text] of Object.entries(LANGUAGES[code]!)) {
      expect(text, key).not.toMatch(/do not need to|nothing to do|不需要|无需|不必/i);
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
    fc.assert(property, { numRuns: 200, seed: 5 });
  });
});

describe("one intensity has one word", () => {
  it.each(Object.keys(LANGUAGES))("on the alert, spoken, and on the home page (%s)", (code) => {
    const t = translator(code);
    const property = fc.property(fc.double({ min: 6.8, max: 8.5, noNaN: true }), (m) => {
      const quake = shown(last(run([[0, send({ m })]], {}, 1)))!;
      if (quake.phase !== "countdown") return;
      const word = intensityText(quake.forecast!.mmi, t).split(" · ")[1]!;
      const view = alertView(quake, { t, profile: "standard", tv: false })!;
      for (const text of [view.word, view.countLabel, announced("alert", quake, t, "standard")])
        expect(text.toLowerCase()).toContain(word);
      expect(view.word.toLowerCase()).toMatch(new RegExp(`^${word} ?(shaking|晃动)$`));
    });
    fc.assert(property, { numRuns: 200, seed: 9 });
  });
  it("also where only a cell tells it", () => {
    const cells = { [geohash(PLACE.lat, PLACE.lon)]: 5.2 };
    const unknown = { t0: null, lat: null, lon: null, m: null, cells };
    const quake = shown(last(run([[0, send(unknown)]], {}, 1)))!;
    const view = alertView(quake, { t: translator("en"), profile: "standard", tv: false })!;
    expect(view.word).toBe("Moderate shaking");
  });
});

it("the time gained counts from the first message that asked to act", () => {
  const events: [number, Event][] = [
    [0, send({ m: 5.6 })],
    [6, send({ n: 2, kind: "update", m: 7.7 })],
  ];
  const rows = (moments: RunStep[]) =>
    Object.fromEntries(timeline(last(moments).state.history[0]!, translator("en")));
  expect(rows(run(events, {}, 8))).toMatchObject({
    "We knew after": "6 s",
    "We asked to act after": "12 s",
    "Time gained": "11 s",
  });
  expect(rows(run(events.slice(0, 1), {}, 8))["Time gained"]).toBeUndefined();
});
