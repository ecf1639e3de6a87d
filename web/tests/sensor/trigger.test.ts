import { describe, expect, it } from "vitest";
import { type Shake, Trigger } from "../../sensor/trigger";

const STEP = 20;
const G = 9.81;

/** Feeds motion(seconds) of so many seconds, and answers the shakes. */
function play(trigger: Trigger, from: number, seconds: number, motion: (s: number) => number[]) {
  const shakes: Shake[] = [];
  for (let ms = from * 1000; ms < (from + seconds) * 1000; ms += STEP) {
    const [x, y, z] = motion(ms / 1000);
    const shake = trigger.feed(ms, x!, y!, z!);
    if (shake) shakes.push(shake);
  }
  return shakes;
}

/** A sensor's noise, the same each time. */
const noise = (s: number) => 0.004 * Math.sin(s * 997) + 0.004 * Math.sin(s * 613);
const still = (s: number) => [noise(s), noise(s + 1), G + noise(s + 2)];
const shaken = (s: number) => [0.5 * Math.sin(s * 25) + noise(s), noise(s + 1), G + noise(s + 2)];

describe("the trigger", () => {
  it("listens after ten seconds without motion", () => {
    const trigger = new Trigger();
    play(trigger, 0, 9, still);
    expect(trigger.state).toBe("settling");
    play(trigger, 9, 2, still);
    expect(trigger.state).toBe("watching");
  });

  it("reports a shake once, when it began and how strong it was", () => {
    const trigger = new Trigger();
    expect(play(trigger, 0, 60, still)).toEqual([]);
    const shakes = play(trigger, 60, 15, shaken);
    expect(shakes).toHaveLength(1);
    expect(Math.abs(shakes[0]!.ms - 60_000)).toBeLessThan(400);
    expect(shakes[0]!.peak).toBeGreaterThan(0.4);
    expect(shakes[0]!.peak).toBeLessThan(0.6);
  });

  it("detects nothing in an hour of noise", () => {
    expect(play(new Trigger(), 0, 3600, still)).toEqual([]);
  });

  it("reports nothing when the phone is picked up", () => {
    const trigger = new Trigger();
    play(trigger, 0, 60, still);
    const turned = (s: number) => {
      const angle = Math.min(1, (s - 60) * 2);
      return [G * Math.sin(angle), noise(s), G * Math.cos(angle)];
    };
    expect(play(trigger, 60, 5, turned)).toEqual([]);
    expect(trigger.state).toBe("settling");
  });

  it("does not listen in a pocket", () => {
    const trigger = new Trigger();
    const walked = (s: number) => [2 * Math.sin(s * 12), noise(s), G + 3 * Math.sin(s * 12)];
    expect(play(trigger, 0, 60, walked)).toEqual([]);
    expect(trigger.state).toBe("settling");
  });

  it("begins anew after a gap, and passes over what is no number", () => {
    const trigger = new Trigger();
    play(trigger, 0, 20, still);
    expect(trigger.feed(20_000, NaN, 0, G)).toBeNull();
    expect(trigger.state).toBe("watching");
    trigger.feed(30_000, 0, 0, G);
    expect(trigger.state).toBe("settling");
  });
});
