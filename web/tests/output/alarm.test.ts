/** AL-09: a tone sounds also where the device had suspended the sound. */

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Alarm, type Voice } from "../../core/output/alarm";
import { runs } from "../runs";

const VOICE: Voice = { gentle: false, volume: 1, language: null };

/** As browsers and iOS have it: sources that are started while it is suspended wait. */
class FakeContext {
  static all: FakeContext[] = [];
  static allowed = true;
  state = "suspended";
  sampleRate = 8000;
  currentTime = 0;
  destination = {};
  onstatechange: (() => void) | null = null;
  waiting = 0;
  played = 0;
  constructor() {
    FakeContext.all.push(this);
  }
  become(state: string): void {
    this.state = state;
    if (state === "running") [this.played, this.waiting] = [this.played + this.waiting, 0];
    this.onstatechange?.();
  }
  resume(): Promise<void> {
    if (!FakeContext.allowed) return Promise.reject(new Error("not allowed"));
    this.become("running");
    return Promise.resolve();
  }
  createBuffer = (_: number, length: number) => ({
    getChannelData: () => new Float32Array(length),
  });
  createGain() {
    const gain = { setValueAtTime: () => {}, linearRampToValueAtTime: () => {} };
    return { gain, connect: () => ({}) };
  }
  createBufferSource() {
    let started = false;
    return {
      buffer: null,
      connect: () => ({ connect: () => ({}) }),
      start: () => {
        started = true;
        if (this.state === "running") this.played += 1;
        else this.waiting += 1;
      },
      stop: () => {
        if (started && this.waiting > 0) this.waiting -= 1;
      },
    };
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeContext.all = [];
  FakeContext.allowed = true;
  vi.stubGlobal("AudioContext", FakeContext);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const context = () => FakeContext.all[FakeContext.all.length - 1]!;

describe("the alarm", () => {
  it.each(["suspended", "interrupted", "closed"])("sounds from a context that is %s", (state) => {
    const alarm = new Alarm();
    alarm.arm();
    context().become(state);
    alarm.start("S3", () => [], null, VOICE);
    expect(context().state).toBe("running");
    expect(context().played).toBe(1);
  });
  it("sounds once, as soon as it may, where it may not at first", async () => {
    const alarm = new Alarm();
    FakeContext.allowed = false;
    alarm.arm();
    alarm.start("S3", () => [], null, VOICE);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(context().played).toBe(0);
    expect(context().waiting).toBe(1);
    FakeContext.allowed = true;
    alarm.arm();
    expect(context().played).toBe(1);
  });
  it("stopped before it may sound, it stays silent", () => {
    const alarm = new Alarm();
    FakeContext.allowed = false;
    alarm.start("S3", () => [], null, VOICE);
    alarm.stop();
    FakeContext.allowed = true;
    alarm.arm();
    expect(context().played).toBe(0);
  });
});

describe("the self-check", () => {
  it("reports its state, and is drawn again when that changes", async () => {
    const drawn: string[] = [];
    const alarm: Alarm = new Alarm(() => drawn.push(alarm.state()));
    FakeContext.allowed = false;
    alarm.arm();
    expect(alarm.state()).toBe("locked");
    FakeContext.allowed = true;
    alarm.arm();
    expect(alarm.state()).toBe("running");
    context().become("interrupted");
    expect(alarm.state()).toBe("interrupted");
    expect(drawn).toContain("running");
    expect(drawn[drawn.length - 1]).toBe("interrupted");
  });
  it("reports where there is no sound at all", () => {
    vi.stubGlobal("AudioContext", undefined);
    const alarm = new Alarm();
    alarm.arm();
    expect(alarm.state()).toBe("missing");
  });
});

/** What is spoken and played, with its times, by a device whose voice takes 2.5 s for any text. */
function listening() {
  const log: [ms: number, text: string][] = [];
  const began = Date.now();
  let current: { text: string } | null = null;
  const note = (text: string) => log.push([Date.now() - began, text]);
  vi.stubGlobal("speechSynthesis", {
    getVoices: () => [{ lang: "en-US" }],
    cancel: () => {
      if (current) note(`cut ${current.text}`);
      current = null;
    },
    speak: (utterance: { text: string; onend: () => void }) => {
      note(utterance.text);
      const mine = { text: utterance.text };
      current = mine;
      setTimeout(() => {
        if (current !== mine) return;
        current = null;
        note(`end ${mine.text}`);
        utterance.onend();
      }, 2500);
    },
  });
  vi.stubGlobal(
    "SpeechSynthesisUtterance",
    class {
      constructor(readonly text: string) {}
    },
  );
  const words = () => log.map(([, text]) => text);
  return { log, words };
}

const SPEAKS: Voice = { ...VOICE, language: "en" };
const ACT = "Earthquake. Drop, cover, hold on.";

describe("speech", () => {
  it("speaks the action within 900 ms, to its end, then how strong it will be", async () => {
    const { log, words } = listening();
    const alarm = new Alarm();
    alarm.start("S2", () => [ACT, "Strong shaking"], null, SPEAKS);
    await vi.advanceTimersByTimeAsync(7000);
    expect(log[0]![0]).toBeLessThanOrEqual(900);
    expect(words().slice(0, 4)).toEqual([
      ACT,
      `end ${ACT}`,
      "Strong shaking",
      "end Strong shaking",
    ]);
  });
  it("a number waits for its turn, and is left out where it is not right any more", async () => {
    const { words } = listening();
    const alarm = new Alarm();
    let left: string | null = "20 seconds";
    alarm.start("SD", () => [ACT], null, SPEAKS);
    await vi.advanceTimersByTimeAsync(1000);
    alarm.say(() => (left ? [left] : []), SPEAKS);
    await vi.advanceTimersByTimeAsync(1000);
    left = "19 seconds";
    await vi.advanceTimersByTimeAsync(9000);
    expect(words()).toEqual([ACT, `end ${ACT}`, "19 seconds", "end 19 seconds"]);
    alarm.start("SD", () => [ACT], null, SPEAKS);
    await vi.advanceTimersByTimeAsync(1000);
    alarm.say(() => (left ? [left] : []), SPEAKS);
    left = null;
    await vi.advanceTimersByTimeAsync(9000);
    expect(words().slice(4)).toEqual([ACT, `end ${ACT}`]);
  });
  it("an alert that rises lets the action be spoken to its end", async () => {
    const { words } = listening();
    const alarm = new Alarm();
    alarm.start("S2", () => [ACT, "Strong shaking"], null, SPEAKS);
    await vi.advanceTimersByTimeAsync(1500);
    alarm.start("S3", () => [ACT, "Severe shaking"], null, SPEAKS);
    await vi.advanceTimersByTimeAsync(9000);
    expect(words().slice(0, 5)).toEqual([ACT, `end ${ACT}`, ACT, `end ${ACT}`, "Severe shaking"]);
    expect(words()).not.toContain("Strong shaking");
  });
  it("a cancel, or a real alert after a drill, cuts what was spoken", async () => {
    const { words } = listening();
    const alarm = new Alarm();
    alarm.start("SD", () => ["Drill.", ACT], "Drill.", SPEAKS);
    await vi.advanceTimersByTimeAsync(1500);
    alarm.start("S3", () => [ACT], null, SPEAKS);
    await vi.advanceTimersByTimeAsync(1500);
    alarm.start("SC", () => ["Alert cancelled"], null, SPEAKS);
    await vi.advanceTimersByTimeAsync(1500);
    expect(words()).toEqual(["Drill.", "cut Drill.", ACT, `cut ${ACT}`, "Alert cancelled"]);
  });
  it("property: no action is cut by numbers, new estimates or a rise, in whatever order", () => {
    const kinds = fc.constantFrom("rise", "number", "level");
    const steps = fc.array(fc.tuple(kinds, fc.integer({ min: 0, max: 4000 })), { maxLength: 8 });
    const property = fc.property(steps, (all) => {
      const { words } = listening();
      const alarm = new Alarm();
      let level = "Strong shaking";
      alarm.start("S2", () => [ACT, level], null, SPEAKS);
      for (const [kind, ms] of all) {
        vi.advanceTimersByTime(ms);
        if (kind === "number") alarm.say(() => ["10 seconds"], SPEAKS);
        if (kind === "level") level = "Very strong shaking";
        if (kind === "rise") alarm.start("S3", () => [ACT, level], null, SPEAKS);
      }
      vi.advanceTimersByTime(4000);
      expect(words()).toContain(ACT);
      expect(words()).not.toContain(`cut ${ACT}`);
      alarm.stop();
      vi.clearAllTimers();
    });
    fc.assert(property, { numRuns: runs(60) });
  });
});
