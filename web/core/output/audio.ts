/** The page's one AudioContext: whether it plays, and playing samples with it. */

import type { SoundState } from "../alert/model";

const RAMP_S = 0.4;

/** Ends what is being played. */
export type Cut = () => void;

export class Audio {
  private context: AudioContext | null = null;
  private hasRun = false;
  private playing: AudioBufferSourceNode | null = null;

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

  /**
   * What is started while the context is suspended sounds as soon as it has been resumed.
   * make: the samples, for a rate. rises: from 60 %, which startles less.
   */
  play(make: (context: AudioContext) => AudioBuffer, volume: number, rises: boolean): Cut {
    this.arm();
    const { context } = this;
    if (!context) return () => {};
    const gain = context.createGain();
    gain.gain.setValueAtTime((rises ? 0.6 : 1) * volume, context.currentTime);
    gain.gain.linearRampToValueAtTime(volume, context.currentTime + RAMP_S);
    const source = context.createBufferSource();
    this.playing?.stop(); // it may wait for a context that is suspended: then the newest counts
    this.playing = source;
    source.buffer = make(context);
    source.connect(gain).connect(context.destination);
    source.start();
    return () => source.stop();
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
}
