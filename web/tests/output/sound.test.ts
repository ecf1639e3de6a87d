import { describe, expect, it } from "vitest";
import type { SoundId } from "../../core/alert/effects";
import { samples, TONES, toneSeconds } from "../../core/output/sound";
import { PATTERNS, TICK } from "../../core/output/vibration";

const RATE = 48_000;
const IDS = Object.keys(TONES) as SoundId[];

/** Power around one frequency in each 25 ms of a tone (Goertzel's algorithm, Hann's window). */
function powers(signal: Float32Array, hz: number): number[] {
  const step = RATE / 40;
  const c = 2 * Math.cos((2 * Math.PI * hz) / RATE);
  const all: number[] = [];
  for (let first = 0; first + step <= signal.length; first += step) {
    let [a, b] = [0, 0];
    for (let i = 0; i < step; i++) {
      const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / step);
      [a, b] = [signal[first + i]! * window + c * a - b, a];
    }
    all.push(a * a + b * b - c * a * b);
  }
  return all;
}

function power(signal: Float32Array, hz: number): number {
  return powers(signal, hz).reduce((sum, one) => sum + one, 0);
}

function band(signal: Float32Array, low: number, high: number): number {
  let sum = 0;
  for (let hz = low; hz <= high; hz += 20) sum += power(signal, hz);
  return sum;
}

const peakDb = (signal: Float32Array) =>
  20 * Math.log10(signal.reduce((most, value) => Math.max(most, Math.abs(value)), 0));

describe("A20: tones", () => {
  it.each(IDS)("%s is not the reserved pair of 853 and 960 Hz", (id) => {
    const signal = samples(id, false);
    const [low, high] = [powers(signal, 853), powers(signal, 960)] as const;
    const together = Math.max(...low.map((one, i) => Math.min(one, high[i]!)));
    const strongest = Math.max(
      ...[390, 520, 650, 780, 900].map((hz) => Math.max(...powers(signal, hz))),
    );
    expect(together).toBeLessThan(strongest / 10);
    // WEA is 2 s, 1 s, 1 s of sound: none of ours holds a note for even half a second.
    for (const note of TONES[id].notes) expect(note.lasts).toBeLessThan(0.5);
  });
  it.each(["S2", "S3", "SD"] as const)(
    "%s has a base of 400 to 600 Hz and a partial that phones play",
    (id) => {
      const signal = samples(id, false);
      const all = band(signal, 100, 5000);
      expect(band(signal, 400, 600) / all).toBeGreaterThan(0.15);
      expect(band(signal, 1400, 3000) / all).toBeGreaterThan(0.04);
    },
  );
  it.each(["S2", "S3"] as const)("%s rises: act", (id) => {
    for (const note of TONES[id].notes) expect(note.f1).toBeGreaterThan(note.f0);
  });
  it("the end of an alert falls: over", () => {
    const starts = TONES.SC.notes.map((note) => note.f0);
    expect(starts).toEqual([...starts].sort((a, b) => b - a));
  });
  it("peaks: -3 dBFS, quieter where the table has it", () => {
    const expected = { S3: -3, S2: -3, SC: -3, S1: -15, SP: -12, SD: -9 };
    for (const [id, db] of Object.entries(expected)) {
      expect(peakDb(samples(id as SoundId, false))).toBeCloseTo(db, 1);
    }
    expect(peakDb(samples("S3", true))).toBeCloseTo(-9, 1);
  });
  it("lengths and repeats of the table", () => {
    expect(toneSeconds("S3")).toBeCloseTo(0.68, 9);
    expect([TONES.S2.repeats, TONES.S2.every]).toEqual([3, 4]);
    expect(TONES.S3.repeats).toBe(Infinity);
    for (const id of ["S1", "SC", "SP", "SD"] as const) expect(TONES[id].repeats).toBe(1);
  });
  it("the alert levels are not the three equal pulses that mean evacuate", () => {
    for (const id of ["S2", "S3", "SD"] as const) expect(TONES[id].notes).toHaveLength(2);
  });
});

describe("A22: touch", () => {
  const total = (id: SoundId) => PATTERNS[id].reduce((sum, ms) => sum + ms, 0) / 1000;
  it("lengths of the table", () => {
    const expected = { S3: 8.8, S2: 6.45, S1: 0.18, SC: 2.4, SP: 1.5, SD: 4 };
    for (const [id, seconds] of Object.entries(expected)) {
      expect(total(id as SoundId)).toBeCloseTo(seconds, 2);
    }
    expect(TICK).toEqual([80]);
  });
  it.each(IDS)("%s is not the reserved cadence, and ends", (id) => {
    expect(PATTERNS[id].join()).not.toContain("2000,500,1000,500,1000");
    expect(PATTERNS[id].length).toBeLessThan(30);
  });
});
