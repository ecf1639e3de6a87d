import { describe, expect, it } from "vitest";
import type { Spot } from "../../core/alert/model";
import { shownQuake } from "../../core/alert/quake";
import { readSpots } from "../../core/person/place";
import { alertView } from "../../core/words/view";
import { noticeTexts } from "../../core/words/words";
import { translator } from "../../languages/language";
import { PLACE } from "../examples";
import { run, send } from "../simulate";

const t = translator("en");
const thresholds = { noticeFrom: 3.5, alertFrom: 5 };

/** The epicentre of the examples is at 31.4: the nearer, the stronger. */
function spot(name: string, lat: number, more: Partial<Spot> = {}): Spot {
  return { place: { ...PLACE, name, lat }, thresholds, ...more };
}

function after(others: readonly Spot[], ...changes: Record<string, unknown>[]) {
  const events = changes.map((change, i) => [i, send({ n: i + 1, ...change })] as const);
  const steps = run(
    events.map(([at, event]) => [at, event]),
    { others },
    changes.length,
  );
  const { state } = steps[steps.length - 1]!;
  return { quake: state.quakes[0]!, state, steps };
}

describe("several places", () => {
  it("are one, where there are no others", () => {
    expect(after([], {}).quake.at).toBeUndefined();
  });

  it("are warned for at the one with the most, by its name", () => {
    const { quake } = after([spot("Work", 31.2), spot("School", 30)], {});
    expect(quake).toMatchObject({ at: "Work", level: 3, phase: "imminent" });
    const view = alertView(quake, { t, profile: "standard", tv: false })!;
    expect(view.word).toContain("Work");
  });

  it("have their own thresholds", () => {
    const numb = spot("Work", 31.2, { thresholds: { noticeFrom: null, alertFrom: 6 } });
    const keen = spot("Boat", 30.4, { thresholds: { noticeFrom: null, alertFrom: 4 } });
    // M 5.5 is 3.6 at the own place and 5.5 at work.
    expect(after([numb], { m: 5.5 }).quake).toMatchObject({ at: "Chengdu", level: 1 });
    expect(after([keen], { m: 6.3 }).quake.level).toBeGreaterThanOrEqual(1);
  });

  it("of somebody else are told of in a banner, and never ask to act", () => {
    const { quake, state } = after([spot("Mother", 31.3, { elsewhere: true })], { m: 4.8 });
    expect(quake).toMatchObject({ at: "Mother", elsewhere: true, level: 1, phase: "notice" });
    expect(state.banner).toBe(quake.key);
    expect(noticeTexts(quake, t)[0]).toContain("Mother");
  });

  it("of somebody else never hide what comes to the own ones", () => {
    const { quake } = after([spot("Mother", 31.3, { elsewhere: true })], {});
    expect(quake).toMatchObject({ at: "Chengdu", level: 2, phase: "countdown" });
  });

  it("of one name are told apart", () => {
    const two = [spot("Home", 31.2), spot("Home", 30)];
    const { quake } = after(two, {}, { m: 7.6 });
    expect(quake).toMatchObject({ at: "Home", place: { lat: 31.2 } });
  });

  it("keep the count: it goes on for its place, and is taken back where it was asked", () => {
    const others = [spot("Work", 30.5), spot("Mother", 31.3, { elsewhere: true })];
    const weaker = after(others, {}, { m: 7.6 });
    expect(weaker.quake.at).toBe("Chengdu");
    const counts = weaker.steps.map(({ state }) => shownQuake(state)?.seconds ?? Infinity);
    expect(counts.every((n, i) => i === 0 || n <= counts[i - 1]!)).toBe(true);
    const lowered = after(others, {}, { m: 4.5, why: "smaller", kind: "update" });
    expect(lowered.quake).toMatchObject({ at: "Chengdu", phase: "lowered" });
  });
});

describe("stored places", () => {
  it("are read back, each checked", () => {
    const good = [spot("Work", 31), spot("Mother", 30, { elsewhere: true })];
    expect(readSpots(JSON.parse(JSON.stringify(good)))).toEqual(good);
    expect(readSpots([{ place: { name: "x", lat: 99, lon: 0 } }, null, 5, {}])).toEqual([]);
    expect(readSpots("nonsense")).toEqual([]);
    const odd = { ...spot("Odd", 1), thresholds: { noticeFrom: 99, alertFrom: -1 } };
    expect(readSpots([odd])[0]!.thresholds).toEqual(thresholds);
  });
});
