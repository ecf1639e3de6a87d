/**
 * What people hear and feel: carries out the effects of the reducer, by sound, speech, vibration and
 * the texts for screen readers, and keeps the screen on.
 */

import type { Translate } from "../../languages/language";
import type { Code } from "../../languages/table";
import type { Effect, Utterance } from "../alert/effects";
import type { Quake, SoundState, State } from "../alert/model";
import { isOneStation } from "../alert/one_station";
import { bannerQuake } from "../alert/quake";
import type { Profile, Settings } from "../alert/settings";
import { Alarm, type Voice } from "../output/alarm";
import { aspect, isOfPage, LiveRegions, type Regions } from "../output/live_regions";
import { OneVoice } from "../output/one_voice";
import { PATTERNS, stopVibrating, TICK, vibrate } from "../output/vibration";
import { WakeLock } from "../output/wake_lock";
import { steadyNow } from "../stream/transport";
import { announced, phrases } from "../words/words";
import { channelToPages } from "./channel";
import { clipsOf } from "./clips";

/** By which a number that waited for other words may be behind. */
const LATE_NUMBER_S = 1;
/** Until clips that did not come are asked for again. */
const AGAIN_MS = 60_000;

/** The page as it is at any time. */
export interface Page {
  readonly state: State;
  readonly settings: Settings;
  readonly t: Translate;
  readonly language: Code;
  quake(): Quake | null;
  profile(): Profile;
  /** Server ms. */
  now(): number;
}

export interface Handlers {
  /** What the outputs can do is another. */
  changed(): void;
  /** Another page of this browser has stopped the sound of an earthquake. */
  stop(quake: string): void;
}

export class Outputs {
  private readonly alarm = new Alarm(() => this.soundChanged());
  /** Of the pages of this browser the one that sounds. */
  private readonly oneVoice: OneVoice;
  private readonly live: LiveRegions;
  private readonly wakeLock = new WakeLock();
  private ticked: number | null = null;
  private clipsAsked: Code | null = null;

  constructor(
    regions: Regions,
    private readonly page: Page,
    private readonly on: Handlers,
  ) {
    this.live = new LiveRegions(regions);
    this.oneVoice = new OneVoice(
      `${Date.now()}-${Math.random()}`,
      channelToPages(),
      () => this.alarm.state() === "running" && page.settings.sound !== "off",
      on.stop,
    );
  }

  soundState(): SoundState {
    return this.alarm.state();
  }

  canSpeak(): boolean {
    return this.alarm.canSpeak(this.page.language);
  }

  /** Sound is allowed from now on, if this is in a touch. */
  arm(): void {
    this.alarm.arm();
  }

  /** The page is left: another one sounds. */
  leave(): void {
    this.oneVoice.leave();
  }

  /** The person has stopped an earthquake's sound here: so do the other pages. */
  stopElsewhere(quake: string): void {
    this.oneVoice.stop(quake);
  }

  /** After each event. */
  draw(): void {
    const { page } = this;
    this.live.draw(page.state, steadyNow());
    this.wakeLock.want(page.settings.awake || page.quake() !== null);
  }

  carryOut(effect: Effect): void {
    switch (effect.do) {
      case "alarm":
      case "chime":
        return this.sound(effect);
      case "speak":
        return this.speakNumber();
      case "announce":
        return this.announce(effect.utterance, effect.politely);
      case "quiet":
        stopVibrating();
        this.oneVoice.end();
        return this.alarm.stop();
    }
  }

  private sound(effect: Extract<Effect, { do: "alarm" | "chime" }>): void {
    const first = effect.sound === "SD" ? this.page.t("drill.spoken") : null;
    if (this.page.settings.vibration) vibrate(PATTERNS[effect.sound]);
    const key = this.page.quake()?.key;
    const words = this.phrases(effect.utterance);
    // Later cycles speak of the intensity as it is estimated then.
    const now = () => (this.page.quake()?.key === key ? this.phrases(effect.utterance) : words);
    const play = () =>
      this.alarm.start(effect.sound, now, first, this.voice(), () => this.oneVoice.over());
    const what = `${effect.do} ${effect.utterance} ${key}`;
    this.oneVoice.begin({ what, level: effect.level }, play, () => this.alarm.stop());
  }

  /** The number is spoken when the words before it are over, if it is still about right. */
  private speakNumber(): void {
    const due = this.page.quake();
    const words = () => {
      const quake = this.page.quake();
      const left = quake?.key === due?.key ? quake?.seconds : null;
      const right = left != null && due?.seconds != null && due.seconds - left <= LATE_NUMBER_S;
      return right ? this.phrases("seconds") : [];
    };
    if (this.oneVoice.speaks) this.alarm.say(words, this.voice());
  }

  private phrases(utterance: Utterance): string[] {
    return phrases(utterance, this.concerned(utterance), this.page.t, this.page.profile());
  }

  /** A notice may lie in the banner over what is on the screen; some texts are of no earthquake. */
  private concerned(utterance: Utterance): Quake | null {
    if (isOfPage(utterance)) return null;
    return utterance === "notice" ? bannerQuake(this.page.state) : this.page.quake();
  }

  private voice(): Voice {
    const { sound, speech, volume } = this.page.settings;
    return {
      gentle: sound === "gentle",
      volume: sound === "off" ? 0 : volume,
      language: speech === "on" ? this.page.language : null,
    };
  }

  private announce(utterance: Utterance, politely: boolean): void {
    const quake = this.concerned(utterance);
    const announcement = {
      text: announced(utterance, quake, this.page.t, this.page.profile()),
      utterance,
      quake: quake?.key ?? "",
      aspect: quake ? aspect(quake) : "",
      counts: quake?.seconds != null,
    };
    this.live.say(announcement, politely, steadyNow());
  }

  /** The last five seconds, for those who can neither see nor hear the number. */
  tickByTouch(): void {
    const quake = this.page.quake();
    const coming = quake?.phase === "countdown" || quake?.phase === "imminent";
    const known = coming && !isOneStation(quake.message);
    const arrival = known ? quake.forecast?.sArrival : undefined;
    const left = arrival === undefined ? null : Math.ceil((arrival - this.page.now()) / 1000);
    if (left !== this.ticked && left !== null && left >= 1 && left <= 5) vibrate(TICK);
    this.ticked = left;
  }

  testVibration(): void {
    vibrate(PATTERNS.S2);
  }

  playTest(): void {
    const { t, settings } = this.page;
    const words = [t("drill.spoken"), t(`spoken.${this.page.profile()}`)];
    this.alarm.start("SD", () => words, null, this.voice());
    if (settings.vibration) vibrate(PATTERNS.S1);
  }

  /** The synthesized words of the language; after a failure again in a minute. Nothing waits for them. */
  async bringClips(): Promise<void> {
    const { language } = this.page;
    if (this.clipsAsked === language) return;
    this.clipsAsked = language;
    try {
      const file = await clipsOf(language);
      if (file && language === this.page.language) await this.alarm.clips.learn(language, file);
    } catch {
      // not whole
    }
    if (!this.alarm.clips.has(language)) setTimeout(() => this.forgetAsked(language), AGAIN_MS);
    this.on.changed();
  }

  private forgetAsked(language: Code): void {
    if (this.clipsAsked === language) this.clipsAsked = null;
  }

  private soundChanged(): void {
    this.oneVoice.changed();
    this.on.changed();
  }
}
