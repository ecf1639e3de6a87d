/** Plays a tone and its words in turn until it is stopped, or a minute has passed. */

import type { SoundId } from "../alert/effects";
import type { SoundState } from "../alert/model";
import { Audio } from "./audio";
import { Clips } from "./clips";
import { Queue, type Task } from "./queue";
import { samples, TONES, toneSeconds } from "./sound";
import { canSpeak, speak } from "./speech";

export interface Voice {
  gentle: boolean;
  /** 0 where the sound is off. */
  volume: number;
  /** null: no speech. */
  language: string | null;
}

/** Phrases as they are when their turn comes; a phrase that has begun is spoken to its end. */
export type Words = () => readonly string[];

const LONGEST_MS = 60_000;
const PAUSE_MS = 900;

export class Alarm {
  readonly clips = new Clips();
  private readonly audio: Audio;
  private readonly queue = new Queue();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Grows with every start and stop, so that what was started before knows that it is over. */
  private turn = 0;
  /** The first words of what sounds. */
  private opening: string | undefined;

  /** changed: called when the state may have changed. */
  constructor(changed: () => void = () => {}) {
    this.audio = new Audio(changed);
  }

  arm(): void {
    this.audio.arm();
  }

  state(): SoundState {
    return this.audio.state();
  }

  canSpeak(language: string): boolean {
    return this.clips.has(language) || canSpeak(language);
  }

  /**
   * `first` is spoken before the tone (the word "Drill"), `words` after each. Where the phrase that
   * is being spoken is one of the new words, as when an alert rises, it is spoken to its end.
   * over: called once, when it has ended by itself.
   */
  start(id: SoundId, words: Words, first: string | null, voice: Voice, over = () => {}): void {
    const phrases = words();
    const opening = first ?? phrases[0];
    this.silence(opening === this.opening ? (text) => phrases.includes(text) : undefined);
    this.opening = opening;
    const turn = this.turn;
    const began = Date.now();
    const cycle = (count: number): void => {
      if (turn !== this.turn) return;
      this.queue.add(this.tone(id, voice, count === 0), ...this.spoken(words, voice), {
        text: null,
        run: (done) => {
          done();
          if (turn === this.turn) again(count + 1);
          return () => {};
        },
      });
    };
    const again = (count: number): void => {
      const { every, repeats } = TONES[id];
      if (count >= repeats || Date.now() - began >= LONGEST_MS) return over();
      const wait = every === null ? PAUSE_MS : began + every * 1000 * count - Date.now();
      this.timer = setTimeout(() => cycle(count), Math.max(0, wait));
    };
    if (first !== null) this.queue.add(this.phrase(() => first, voice));
    cycle(0);
  }

  /** Spoken after what is being spoken, if there is still something to say by then. */
  say(words: Words, voice: Voice): void {
    this.queue.add(...this.spoken(words, voice));
  }

  stop(): void {
    this.silence();
    this.opening = undefined;
  }

  private silence(keeps?: (text: string) => boolean): void {
    this.turn += 1;
    clearTimeout(this.timer);
    this.queue.clear(keeps);
  }

  private tone(id: SoundId, voice: Voice, first: boolean): Task {
    const make = (context: AudioContext) => {
      const cycle = samples(id, voice.gentle, context.sampleRate);
      const buffer = context.createBuffer(1, cycle.length, context.sampleRate);
      buffer.getChannelData(0).set(cycle);
      return buffer;
    };
    const run = (done: () => void) => {
      const timer = setTimeout(done, toneSeconds(id) * 1000);
      const cut = voice.volume > 0 ? this.audio.play(make, voice.volume, first) : () => {};
      return () => {
        clearTimeout(timer);
        cut();
      };
    };
    return { text: null, run };
  }

  /** A task for each phrase. */
  private spoken(words: Words, voice: Voice): Task[] {
    return words().map((_, i) => this.phrase(() => words()[i] ?? null, voice));
  }

  private phrase(text: () => string | null, voice: Voice): Task {
    const task: Task = {
      text: null,
      run: (done) => {
        task.text = text();
        if (task.text === null || voice.language === null || voice.volume === 0) {
          done();
          return () => {};
        }
        return this.utter(task.text, voice.language, voice.volume, done);
      },
    };
    return task;
  }

  private utter(text: string, language: string, volume: number, done: () => void) {
    const clip = this.clips.find(text, language);
    if (!clip) return speak(text, language, volume, done);
    // By a timer: a context that is suspended never reports an end.
    const timer = setTimeout(done, clip.duration * 1000);
    const cut = this.audio.play(() => clip, volume, false);
    return () => {
      clearTimeout(timer);
      cut();
    };
  }
}
