import { describe, expect, it } from "vitest";
import type { Effect } from "../../core/alert/effects";
import { highestLevel } from "../../core/alert/one_station";
import { facts, timeline } from "../../core/words/facts";
import { alertView } from "../../core/words/view";
import { announced } from "../../core/words/words";
import { translator } from "../../languages/language";
import { CODES } from "../../languages/table";
import { message, PLACE } from "../examples";
import { all, phases, type RunStep, run, send, shown, spoken } from "../simulate";

/** 30 km around a station near PLACE; the epicentre is taken to be 26 km away. */
const NOTICE = {
  ...{ ns: 1, near: [30.7, 104.1, 40], lat: 30.9, lon: 104.06, sxy: 30, m: 6.8, level: "action" },
};
const CONFIRMED = { n: 2, kind: "update", ns: 3, sxy: 4, lat: 30.9, m: 6.8 };
const notice = (change: Record<string, unknown> = {}) => send({ ...NOTICE, ...change });
const last = (steps: RunStep[]) => shown(steps[steps.length - 1]);

describe("a notice of one station", () => {
  it("asks to act and counts nothing, until it is over", () => {
    const steps = run([[0, notice()]], {}, 120);
    expect(phases(steps)).toEqual(["imminent", "passed", "after"]);
    expect(steps.every((m) => shown(m)?.seconds == null)).toBe(true);
  });
  it("does not show that shaking has begun, or that it is late", () => {
    expect(phases(run([[0, notice({ t0: 1_700_000_000_000 - 14_000 })]], {}, 10))).toEqual([
      "imminent",
    ]);
  });
  it("is a banner where its own station does not move enough to act", () => {
    expect(phases(run([[0, notice({ level: "aware" })]], {}, 10))).toEqual(["notice"]);
  });
  it("is named after phones where only phones measured, and is a banner then", () => {
    const steps = run([[0, notice({ level: "aware", by: "phones" })]], {}, 10);
    expect(phases(steps)).toEqual(["notice"]);
    const t = translator("en");
    const text = spoken("notice", last(steps), t, "standard");
    expect(text.startsWith("Phone-only alert.")).toBe(true);
    expect(text).toContain("Not confirmed yet.");
    const { history } = steps[steps.length - 1]!.state;
    expect(facts(history[0]!, PLACE, 0, t)).toEqual([["Phone-only alert", "not confirmed"]]);
  });
  it("is nothing beyond the area that it is for", () => {
    expect(phases(run([[0, notice({ near: [31.2, 104.1, 40] })]], {}, 10))).toEqual([null]);
  });
  it("is never very strong", () => {
    const steps = run([[0, notice({ m: 8.5 })]], {}, 4);
    expect(last(steps)!.forecast!.mmi).toBeGreaterThan(7);
    expect(last(steps)!.level).toBe(2);
    expect(highestLevel(message(NOTICE), PLACE)).toBe(2);
  });
  it("confirmed, it goes on as any other, without a second sound", () => {
    const steps = run(
      [
        [0, notice()],
        [1.5, send(CONFIRMED)],
      ],
      {},
      20,
    );
    expect(phases(steps)).toEqual(["imminent", "shaking"]);
    expect(all(steps, "alarm")).toHaveLength(1);
  });
  it("confirmed, it also reaches those who were too far away", () => {
    const far = notice({ near: [31.2, 104.1, 40] });
    const steps = run(
      [
        [0, far],
        [1, send({ ...CONFIRMED, lat: 31.4, m: 7.7 })],
      ],
      {},
      4,
    );
    expect(phases(steps)).toEqual([null, "countdown"]);
  });
  it("not confirmed, it is cancelled", () => {
    const cancel = notice({ n: 2, kind: "cancel", why: "false" });
    const steps = run(
      [
        [0, notice()],
        [5, cancel],
      ],
      {},
      8,
    );
    expect(phases(steps)).toEqual(["imminent", "cancelled"]);
  });
  it("shows no number, place or time in the tables, until it is confirmed", () => {
    const t = translator("en");
    const entry = (steps: RunStep[]) => steps[steps.length - 1]!.state.history[0]!;
    const alone = entry(run([[0, notice()]], {}, 1));
    expect(alone.mmi).toBeUndefined();
    expect(facts(alone, PLACE, 0, t)).toEqual([["Single-station alert", "not confirmed"]]);
    expect(timeline(alone, t)).toEqual([]);
    const two: [number, ReturnType<typeof send>][] = [
      [0, notice()],
      [1, send(CONFIRMED)],
    ];
    expect(facts(entry(run(two, {}, 2)), PLACE, 0, t)).toHaveLength(4);
  });
});

describe.each(CODES)("its words: %s", (code) => {
  const t = translator(code);
  const [step] = run([[0, notice()]], {}, 1);
  const quake = shown(step)!;
  it("name on the screen what it is", () => {
    const view = alertView(quake, { t, profile: "standard", tv: false })!;
    expect(view).toMatchObject({ word: t("single.title"), countLabel: t("single.nocount") });
    expect(view).toMatchObject({ detail: t("single.strong"), seconds: null, surface: "alert" });
  });
  it("are spoken after the action", () => {
    const words = spoken("alert", quake, t, "standard");
    expect(words.startsWith(t("spoken.standard"))).toBe(true);
    expect(words).toContain(t("single.spoken"));
    const text = announced("alert", quake, t, "standard");
    expect(text.replace(words, "").trim()).toMatch(new RegExp(`^${t("single.nocount")}[.。।]$`));
  });
  it("of a banner name what was measured", () => {
    const weak = { ...quake, message: message({ ...NOTICE, level: "aware" }) };
    const text = spoken("notice", weak, t, "standard");
    expect(text.startsWith(t("single.title"))).toBe(true);
    expect(text).toContain(t("single.weak"));
    expect(text).toContain(t("single.ready"));
  });
  it("of a drill begin with the drill", () => {
    const drill = { ...quake, message: message({ ...NOTICE, mode: "drill" }) };
    for (const words of [spoken, announced]) {
      expect(words("alert", drill, t, "bed").startsWith(t("drill.spoken"))).toBe(true);
    }
    expect(alertView(drill, { t, profile: "bed", tv: true })!.drill).toBe(true);
  });
});

it("what is unsure is announced once", () => {
  const text = all(run([[0, notice()]], {}, 120), "announce") as Extract<
    Effect,
    { utterance: unknown }
  >[];
  expect(text.map((effect) => effect.utterance)).toEqual(["alert", "passed"]);
});
