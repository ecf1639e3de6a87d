/** Plays a tone and its words in turn until it is stopped, or a minute has passed. */

import type { SoundId } from "../alert/effects";
import { samples, TONES, toneSeconds } from "./sound";
import { hush, speak } from "./speech";

export interface Voice {
  gentle: boolean;
  /** 0 where the sound is off. */
  volume: number;
  /** null: no speech. */
  language: string | null;
}

/**
 * Whether a tone would sound: the browser plays, waits for a first touch (locked), was playing
 * and has been stopped by the device, as by a telephone call (interrupted), or cannot play at all.
 */
export type SoundState = "running" | "locked" | "interrupted" | "missing";

const LONGEST_MS = 60_000;
const PAUSE_MS = 900;
const RAMP_S = 0.4;

export class Alarm {
  private context: AudioContext | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private playing: AudioBufferSourceNode | null = null;
  /** Grows with every start and stop, so that what was started before knows that it is over. */
  private turn = 0;
  private hasRun = false;

  /** changed: called when the state may have changed. */
  constructor(private readonly changed: () => void = () => {}) {}

  /**
   * Make sound possible, as far as the browser allows: it wants a touch first, and devices
   * suspend or interrupt what plays. Called at each touch, when the page is seen again, and at
   * each tone.
   */
  arm(): void {
    if (typeof AudioContext === "undefined") return;
    if (this.context?.state === "closed") this.context = null;
    this.context ??= this.newContext();
    if (this.context.state === "running") return;
    // Refused as long as there was no touch, or a call goes on: tried again at the next occasion.
    this.context.resume().then(this.noted, this.noted);
  }

  state(): SoundState {
    if (typeof AudioContext === "undefined") return "missing";
    if (this.context?.state === "running") return "running";
    return this.hasRun ? "interrupted" : "locked";
  }

  private newContext(): AudioContext {
    const context = new AudioContext({ latencyHint: "interactive" });
    context.onstatechange = this.noted;
    return context;
  }

  private readonly noted = (): void => {
    this.hasRun ||= this.context?.state === "running";
    this.changed();
  };

  /** `first` is spoken before the tone (the word "Drill"), `words` after each. */
  start(id: SoundId, words: string, first: string | null, voice: Voice): void {
    this.stop();
    const turn = this.turn;
    const began = Date.now();
    const cycle = (count: number): void => {
      if (turn !== this.turn) return;
      this.play(id, voice, count === 0);
      this.timer = setTimeout(() => speakWords(count), toneSeconds(id) * 1000);
    };
    const speakWords = (count: number): void => {
      this.say(words, voice, () => {
        const more = count + 1 < TONES[id].repeats && Date.now() - began < LONGEST_MS;
        if (!more || turn !== this.turn) return;
        const { every } = TONES[id];
        const wait = every === null ? PAUSE_MS : began + every * 1000 * (count + 1) - Date.now();
        this.timer = setTimeout(() => cycle(count + 1), Math.max(0, wait));
      });
    };
    if (first === null) cycle(0);
    else this.say(first, voice, () => cycle(0));
  }

  say(words: string, voice: Voice, done: () => void = () => {}): void {
    if (voice.language === null || voice.volume === 0) return done();
    speak(words, voice.language, voice.volume, done);
  }

  stop(): void {
    this.turn += 1;
    clearTimeout(this.timer);
    this.playing?.stop();
    this.playing = null;
    hush();
  }

  /** What is started while the context is suspended sounds as soon as it has been resumed. */
  private play(id: SoundId, voice: Voice, first: boolean): void {
    if (voice.volume === 0) return;
    this.arm();
    const { context } = this;
    if (!context) return;
    this.playing?.stop();
    const cycle = samples(id, voice.gentle, context.sampleRate);
    const buffer = context.createBuffer(1, cycle.length, context.sampleRate);
    buffer.getChannelData(0).set(cycle);
    const gain = context.createGain();
    // A rise from 60 % within 0.4 s startles less.
    gain.gain.setValueAtTime((first ? 0.6 : 1) * voice.volume, context.currentTime);
    gain.gain.linearRampToValueAtTime(voice.volume, context.currentTime + RAMP_S);
    this.playing = context.createBufferSource();
    this.playing.buffer = buffer;
    this.playing.connect(gain).connect(context.destination);
    this.playing.start();
  }
}
