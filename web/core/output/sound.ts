/**
 * The tones (clients.md 18), computed sample by sample, so that every device plays the same.
 *
 * Rising means act, falling means over. The base lies near 520 Hz, the tone that wakes most
 * people with hearing loss (Bruck et al. 2009), with odd harmonics up to 4 kHz that the small
 * loudspeaker of a phone can play. None is the reserved two-tone signal of WEA and EAS, nor the
 * three equal pulses of ISO 8201.
 */

import type { SoundId } from "../alert/effects";

type Wave = "square" | "sine" | "sine3";

/** Seconds and Hz. The pitch goes from f0 to f1 in equal ratios. */
export interface Note {
  at: number;
  lasts: number;
  f0: number;
  f1: number;
}

export interface Tone {
  notes: readonly Note[];
  wave: Wave;
  gainDb: number;
  /** How often, and how many seconds from start to start (null: when the words are over). */
  repeats: number;
  every: number | null;
}

const PEAK_DB = -3;
const HIGHEST_HZ = 4000;
const EDGE_S = 0.008;
const GENTLE = { edge: 0.03, gainDb: -6 };

const RISING: readonly Note[] = [
  { at: 0, lasts: 0.3, f0: 520, f1: 780 },
  { at: 0.42, lasts: 0.3, f0: 520, f1: 780 },
];

export const TONES: Readonly<Record<SoundId, Tone>> = {
  S3: {
    notes: [
      { at: 0, lasts: 0.28, f0: 390, f1: 780 },
      { at: 0.34, lasts: 0.28, f0: 520, f1: 1040 },
    ],
    ...{ wave: "square", gainDb: 0, repeats: Infinity, every: null },
  },
  S2: { notes: RISING, wave: "square", gainDb: 0, repeats: 3, every: 4 },
  S1: {
    notes: [
      { at: 0, lasts: 0.15, f0: 520, f1: 520 },
      { at: 0.15, lasts: 0.15, f0: 650, f1: 650 },
    ],
    ...{ wave: "sine", gainDb: -12, repeats: 1, every: null },
  },
  SC: {
    notes: [
      { at: 0, lasts: 0.3, f0: 780, f1: 780 },
      { at: 0.3, lasts: 0.3, f0: 520, f1: 520 },
      { at: 0.6, lasts: 0.3, f0: 390, f1: 390 },
    ],
    ...{ wave: "sine3", gainDb: 0, repeats: 1, every: null },
  },
  SP: {
    notes: [0, 0.4, 0.8].map((at) => ({ at, lasts: 0.2, f0: 390, f1: 390 })),
    ...{ wave: "sine", gainDb: -9, repeats: 1, every: null },
  },
  SD: { notes: RISING, wave: "square", gainDb: -6, repeats: 1, every: null },
};

export function toneSeconds(id: SoundId): number {
  const last = TONES[id].notes[TONES[id].notes.length - 1]!;
  return last.at + last.lasts + 0.06;
}

/** One cycle of a tone, -1..1. The gentle variant is a sine with soft edges, 6 dB down. */
export function samples(id: SoundId, gentle: boolean, rate = 48_000): Float32Array {
  const tone = TONES[id];
  const softens = gentle && (id === "S2" || id === "S3");
  const wave = softens ? "sine" : tone.wave;
  const edge = softens ? GENTLE.edge : EDGE_S;
  const out = new Float32Array(Math.ceil(toneSeconds(id) * rate));
  for (const note of tone.notes) writeNote(out, note, wave, edge, rate);
  return scaled(out, 10 ** ((PEAK_DB + tone.gainDb + (softens ? GENTLE.gainDb : 0)) / 20));
}

function writeNote(out: Float32Array, note: Note, wave: Wave, edge: number, rate: number): void {
  const first = Math.round(note.at * rate);
  const count = Math.round(note.lasts * rate);
  let phase = 0;
  for (let i = 0; i < count; i++) {
    const hz = note.f0 * (note.f1 / note.f0) ** (i / count);
    phase += (2 * Math.PI * hz) / rate;
    const fade = Math.min(1, i / (edge * rate), (count - i) / (edge * rate));
    out[first + i] = fade * waveform(wave, phase, hz);
  }
}

function waveform(wave: Wave, phase: number, hz: number): number {
  if (wave === "sine") return Math.sin(phase);
  if (wave === "sine3") return Math.sin(phase) + Math.sin(3 * phase) / 3;
  let sum = 0;
  for (let k = 1; k * hz <= HIGHEST_HZ; k += 2) sum += Math.sin(k * phase) / k;
  return sum;
}

function scaled(out: Float32Array, peak: number): Float32Array {
  const loudest = out.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return out.map((value) => (value * peak) / loudest);
}
