/**
 * Of several pages in one browser one sounds; where it dies, another goes on within a second.
 *
 * Each page knows the others by what they post. Of those that can sound, the one that was opened
 * first does so at once; the others wait for its sign of life, and sound themselves where none
 * comes: a page that is frozen, or has another place, must cost nobody a warning. While it sounds it
 * posts again and again; two that sound hear of each other, and the later one is silent.
 */

/** What sounds: the quake and the kind of sound, and how strong. */
export interface Claim {
  readonly what: string;
  readonly level: number;
}

export type Post =
  | { from: string; type: "hello" | "here"; able: boolean }
  | { from: string; type: "bye" }
  | { from: string; type: "sounds" | "over"; claim: Claim }
  /** The person has stopped the sound of this quake. */
  | { from: string; type: "stop"; quake: string };

export interface Channel {
  post(post: Post): void;
  hear: (post: Post) => void;
}

/** To wait for a sign of life: of a sound that is due, and of one that is under way. */
const FIRST_MS = 200;
const NEXT_MS = 700;
const EVERY_MS = 250;

interface Sound {
  claim: Claim;
  play: () => void;
  cut: () => void;
}

export class OneVoice {
  /** Other pages, and whether they can sound. */
  private readonly others = new Map<string, boolean>();
  private sound: Sound | null = null;
  private sounding = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** id: of pages the one with the smaller id comes first. able: whether this one would be heard. */
  constructor(
    private readonly id: string,
    private readonly channel: Channel,
    private readonly able: () => boolean,
    private readonly stopped: (quake: string) => void,
  ) {
    channel.hear = (post) => this.hear(post);
    this.present("hello");
  }

  /** A sound is due; play begins it here, at once or later, and cut ends it. */
  begin(claim: Claim, play: () => void, cut: () => void): void {
    this.end();
    this.sound = { claim, play, cut };
    if (this.isFirst()) this.take();
    else this.wait(FIRST_MS);
  }

  /** The sound is over, here and in the others. */
  over(): void {
    const { sound, sounding } = this;
    this.end();
    if (sound && sounding) this.channel.post({ from: this.id, type: "over", claim: sound.claim });
  }

  /** It is not due any more here. */
  end(): void {
    clearTimeout(this.timer);
    this.sound = null;
    this.sounding = false;
  }

  /** Whether what is said beside the alarm is said here. */
  get speaks(): boolean {
    return this.sound ? this.sounding : this.isFirst();
  }

  stop(quake: string): void {
    this.channel.post({ from: this.id, type: "stop", quake });
  }

  /** Whether this page would be heard may have changed. */
  changed(): void {
    this.present("here");
  }

  leave(): void {
    this.channel.post({ from: this.id, type: "bye" });
  }

  private present(type: "hello" | "here"): void {
    this.channel.post({ from: this.id, type, able: this.able() });
  }

  private isFirst(): boolean {
    const before = (able: boolean, other: string) => able && (!this.able() || other < this.id);
    return ![...this.others].some(([other, able]) => before(able, other));
  }

  private take(): void {
    this.sounding = true;
    this.sound?.play();
    this.beat();
  }

  /** A page that nobody hears claims nothing: what it plays waits for a touch. */
  private beat(): void {
    if (!this.sound || !this.sounding) return;
    if (this.able()) this.channel.post({ from: this.id, type: "sounds", claim: this.sound.claim });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.beat(), EVERY_MS);
  }

  private wait(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.take(), ms);
  }

  private hear(post: Post): void {
    if (post.from === this.id) return;
    switch (post.type) {
      case "hello":
        this.others.set(post.from, post.able);
        return this.present("here");
      case "here":
        this.others.set(post.from, post.able);
        return;
      case "bye":
        this.others.delete(post.from);
        if (this.sound && !this.sounding && this.isFirst()) this.take();
        return;
      case "sounds":
        return this.hearSound(post.from, post.claim);
      case "over":
        if (this.covers(post.claim) && !this.sounding) this.end();
        return;
      case "stop":
        return this.stopped(post.quake);
    }
  }

  private hearSound(from: string, claim: Claim): void {
    if (!this.covers(claim)) return;
    if (this.sounding && this.able() && this.id < from) return; // the other will be silent
    if (this.sounding) this.sound?.cut();
    this.sounding = false;
    this.wait(NEXT_MS);
  }

  private covers(claim: Claim): boolean {
    const own = this.sound?.claim;
    return own !== undefined && own.what === claim.what && claim.level >= own.level;
  }
}
