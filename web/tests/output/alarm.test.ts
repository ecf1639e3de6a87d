/** AL-09: a tone sounds also where the device had suspended the sound. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Alarm, type Voice } from "../../core/output/alarm";

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
    alarm.start("S3", "", null, VOICE);
    expect(context().state).toBe("running");
    expect(context().played).toBe(1);
  });
  it("sounds once, as soon as it may, where it may not at first", async () => {
    const alarm = new Alarm();
    FakeContext.allowed = false;
    alarm.arm();
    alarm.start("S3", "", null, VOICE);
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
    alarm.start("S3", "", null, VOICE);
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
