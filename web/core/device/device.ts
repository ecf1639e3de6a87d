/**
 * The shell around the reducer: owns the clock, the connection and what is stored, feeds events
 * in and carries effects out. Phone and TV each make one Device and draw from it.
 */

import { TEXTS, type Translate, translator } from "../../languages/language";
import { type Code, chooseLanguage, isLanguage } from "../../languages/table";
import type { Effect, Utterance } from "../alert/effects";
import type { Entry, Quake, SoundState, Spot, State } from "../alert/model";
import { isOneStation } from "../alert/one_station";
import { bannerQuake, isAlert, shownQuake } from "../alert/quake";
import { type Readiness, readiness } from "../alert/readiness";
import { isRealLately } from "../alert/recent";
import {
  type Profile,
  profileNow,
  readSettings,
  type ScaleName,
  type Settings,
} from "../alert/settings";
import { type Event, next, start } from "../alert/state";
import { forgetOffline } from "../background/offline";
import { Push } from "../background/push";
import type { Place } from "../forecast/forecast";
import { travelTimes } from "../forecast/travel_times";
import { Alarm, type Voice } from "../output/alarm";
import { aspect, isOfPage, LiveRegions, type Regions } from "../output/live_regions";
import { OneVoice } from "../output/one_voice";
import { canVibrate, PATTERNS, stopVibrating, TICK, vibrate } from "../output/vibration";
import { WakeLock } from "../output/wake_lock";
import { Follow } from "../person/follow";
import { type Help, readHelp } from "../person/help";
import { placeInAddress, readPlace, readSpots, type Town } from "../person/place";
import type { Facts } from "../storage/shared";
import { deleteAll, load, save } from "../storage/store";
import { bring, recall } from "../storage/texts";
import { Clock } from "../stream/clock";
import { fetchJson } from "../stream/http";
import type { Config } from "../stream/key_list";
import { steadyNow } from "../stream/transport";
import { countryOfTag, scaleOfCountry } from "../words/scales";
import { announced, phrases } from "../words/words";
import { channelToPages } from "./channel";
import { clipsOf } from "./clips";
import { drillMessage, isTried } from "./drill";
import { Receiver } from "./receiver";

declare const __BUILT_AT__: number;

const AWAKE_MS = 900_000;
/** By which a number that waited for other words may be behind. */
const LATE_NUMBER_S = 1;
const TICK_MS = { active: 250, idle: 1000 };
const SETTLED_MS = 5000;

export class Device {
  state: State = start((load("history") as Entry[] | null) ?? []);
  settings: Settings = readSettings(load("settings"));
  place: Place | null;
  /** Further places of the person. */
  others: readonly Spot[] = readSpots(load("places"));
  help: Help = readHelp(load("help"));
  /** Where the device is, if the person wants that. */
  readonly follow = new Follow(() => this.draw());
  /** Whether the place is only what the server suggests. */
  suggested = false;
  readonly table = travelTimes();
  t!: Translate;
  /** That of what is shown: English until the texts of the wanted one are here. */
  language!: Code;
  /** The first steps (welcome.ts) have been taken, or left out. */
  welcomed = load("welcomed") === true;
  /** Warnings while the page is closed. */
  readonly push = new Push(() => this.draw());
  private readonly clock = new Clock();
  private readonly alarm = new Alarm(() => this.soundChanged());
  /** Of the pages of this browser the one that sounds. */
  private readonly oneVoice = new OneVoice(
    `${Date.now()}-${Math.random()}`,
    channelToPages(),
    () => this.alarm.state() === "running" && this.settings.sound !== "off",
    (quake) => this.dispatch({ type: "stop", quake }),
  );
  private readonly receiver = new Receiver(
    this.clock,
    (event) => this.dispatch(event),
    __BUILT_AT__,
  );
  private readonly live: LiveRegions;
  private readonly wakeLock = new WakeLock();
  private lastTouch = Date.now();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private ticked: number | null = null;
  private settle = () => {};
  /** Resolved once the stream answers, or SETTLED_MS after the start where the server is away. */
  readonly settled = new Promise<void>((resolve) => {
    this.settle = resolve;
  });
  private clipsAsked: Code | null = null;
  private allTowns: Promise<Town[]> | null = null;

  constructor(
    regions: Regions,
    private readonly draw: () => void,
  ) {
    this.live = new LiveRegions(regions);
    this.place = placeInAddress(location.search, location.hash) ?? readPlace(load("place"));
    document.addEventListener("visibilitychange", () => this.seen());
    addEventListener("pageshow", () => this.seen());
    addEventListener("pagehide", () => this.oneVoice.leave());
    // Shown at once; where the connection lives all the same, its next heartbeat takes it back.
    addEventListener("offline", () => this.dispatch({ type: "closed" }));
    addEventListener("hashchange", () => this.moveTo(placeInAddress("", location.hash)));
    this.speakWanted();
    void this.bringTexts();
  }

  /** Fetch what the server publishes, then receive messages until the page is closed. */
  async begin(): Promise<void> {
    this.alarm.arm();
    this.tick();
    setTimeout(() => this.settle(), SETTLED_MS);
    const config = await this.receiver.ask();
    this.suggest(config.place);
    this.receiver.listen();
    await this.push.begin(this.facts());
  }

  /** Server ms; before the server has answered, this device's own. */
  now(): number {
    return this.clock.now(steadyNow()) ?? Date.now();
  }

  quake(): Quake | null {
    return shownQuake(this.state);
  }

  /** Whether this page would warn now. */
  readiness(): Readiness {
    const { place, settings } = this;
    const sound = settings.sound === "off" ? "off" : this.alarm.state();
    return readiness(this.state, { place, sound });
  }

  /** Who the person is, or what they are doing now. */
  profile(): Profile {
    return profileNow(this.settings, Date.now());
  }

  /** The scale in which intensities are shown here. */
  scale(): ScaleName {
    const { scale } = this.settings;
    if (scale !== "auto") return scale;
    return scaleOfCountry(this.place?.country ?? countryOfTag(navigator.language));
  }

  /** Whose warning it is: the network's name, or this device where it was tried out here. */
  source({ message }: Quake): string {
    if (isTried(message)) return this.t("source.self");
    return this.receiver.config?.name ?? location.hostname;
  }

  /** A drill shows that there is no earthquake: not soon after one. */
  mayDrill(): boolean {
    const lately = isRealLately(this.state.quakes, this.state.history, this.now());
    return this.place !== null && !lately;
  }

  dispatch(event: Event): void {
    const step = next(this.state, event, this.now(), this.context());
    const changed = step.state.history !== this.state.history;
    if (event.type === "stop" && event.quake === undefined && this.state.shown !== null)
      this.oneVoice.stop(this.state.shown);
    this.state = step.state;
    if (changed) save("history", this.state.history);
    this.draw();
    for (const effect of step.effects) this.carryOut(effect);
    if (event.type === "heartbeat") this.settle();
    this.live.draw(this.state, steadyNow());
    this.wakeLock.want(this.settings.awake || this.quake() !== null);
    this.schedule();
  }

  tryDrill(): void {
    this.touched();
    if (!this.place) return;
    const message = drillMessage(this.place, this.table, this.now());
    this.dispatch({ type: "message", message });
  }

  endWelcome(): void {
    this.welcomed = true;
    save("welcomed", true);
    this.draw();
  }

  /** Whether a touch would turn on the sound. */
  canArm(): boolean {
    const sound = this.alarm.state();
    return this.settings.sound !== "off" && (sound === "locked" || sound === "interrupted");
  }

  /** The person is here: sound is allowed from now on, and drills even at night. */
  touched(): void {
    this.lastTouch = Date.now();
    this.alarm.arm();
  }

  choose(change: Partial<Settings>): void {
    this.settings = { ...this.settings, ...change };
    save("settings", this.settings);
    this.speakWanted();
    void this.bringTexts();
    this.draw();
  }

  choosePlace(place: Place): void {
    this.place = place;
    this.suggested = false;
    save("place", place);
    this.draw();
  }

  chooseHelp(change: Partial<Help>): void {
    this.help = { ...this.help, ...change };
    save("help", this.help);
    this.draw();
  }

  chooseOthers(others: readonly Spot[]): void {
    this.others = others;
    save("places", others);
    this.draw();
  }

  /** The further places, and where the device is. */
  private spots(): readonly Spot[] {
    const { noticeFrom, alertFrom } = this.settings;
    const here = this.follow.place(this.t("place.here"));
    const own = here ? [{ place: here, thresholds: { noticeFrom, alertFrom } }] : [];
    return [...own, ...this.others];
  }

  /** The place of an earthquake that was judged for one of several. */
  placeOf({ at }: { at?: string }): Place | null {
    const found = this.spots().find(({ place }) => place.name === at);
    return found ? found.place : this.place;
  }

  /** What an alert is judged by here. */
  facts(): Facts {
    const { place, table, language, settings } = this;
    const { noticeFrom, alertFrom, vibration } = settings;
    const { config, roots, listed } = this.receiver;
    return {
      place,
      others: this.others,
      table,
      keys: config?.keys ?? {},
      roots,
      listed,
      thresholds: { noticeFrom, alertFrom },
      profile: this.profile(),
      language,
      texts: TEXTS[language]!,
      vibration,
    };
  }

  forgetEverything(): void {
    deleteAll();
    void this.push.turnOff().then(forgetOffline);
    this.settings = readSettings(null);
    this.welcomed = false;
    this.place = null;
    this.others = [];
    this.help = readHelp(null);
    this.state = { ...this.state, history: [], quakes: [], shown: null };
    this.suggest(this.receiver.config?.place ?? null);
    this.choose({});
    deleteAll();
  }

  /** What works on this device, for the self-check on the home page. */
  channels(): { sound: SoundState; voice: boolean; vibration: boolean } {
    const voice = this.alarm.canSpeak(this.language);
    return { sound: this.alarm.state(), voice, vibration: canVibrate() };
  }

  /** How well the server's clock is known, in seconds; Infinity: not yet. */
  clockError(): number {
    return this.clock.errorS();
  }

  testVibration(): void {
    this.touched();
    vibrate(PATTERNS.S2);
  }

  playTest(): void {
    this.touched();
    const words = [this.t("drill.spoken"), this.t(`spoken.${this.profile()}`)];
    this.alarm.start("SD", () => words, null, this.voice());
    if (this.settings.vibration) vibrate(PATTERNS.S1);
  }

  /** All towns of the world, fetched when first asked for: nobody learns which is looked for. */
  towns(): Promise<Town[]> {
    this.allTowns ??= fetchJson<Town[]>("towns.json");
    return this.allTowns;
  }

  /** The server's suggestion, which may be another one after it has begun again. */
  private suggest(place: Config["place"]): void {
    if (!place || (this.place && !this.suggested)) return;
    if (this.place?.lat === place.lat && this.place.lon === place.lon) return;
    this.place = { ...place, accuracyKm: 5 };
    this.suggested = true;
    this.draw();
  }

  private wanted(): Code {
    const chosen = this.settings.language;
    return chosen !== null && isLanguage(chosen) ? chosen : chooseLanguage(navigator.languages);
  }

  /** Use the wanted language if its texts are known here. */
  private speakWanted(): void {
    const wanted = this.wanted();
    this.language = recall(TEXTS, "pages", wanted) ? wanted : "en";
    this.t = translator(this.language);
  }

  /** The texts of the wanted language as they are now, which nothing waits for. */
  private async bringTexts(): Promise<void> {
    if (!(await bring(TEXTS, "pages", this.wanted()))) return;
    this.speakWanted();
    this.draw();
  }

  /** What nothing waits for: after the page can receive alerts, once for each language. */
  private async bringClips(): Promise<void> {
    const { language } = this;
    if (this.state.heartbeatAt === null || this.clipsAsked === language) return;
    this.clipsAsked = language;
    const file = await clipsOf(language);
    if (file) await this.alarm.clips.learn(language, file);
    this.draw();
  }

  private soundChanged(): void {
    this.oneVoice.changed();
    this.draw();
  }

  /** Devices suspend the sound and the clocks of a page that is not seen. */
  private seen(): void {
    if (document.visibilityState !== "visible") return;
    this.alarm.arm();
    this.tick();
  }

  /** The place of an address that has changed on the open page. */
  private moveTo(place: Place | null): void {
    if (!place) return;
    this.place = place;
    this.suggested = false;
    this.draw();
  }

  private context() {
    const { noticeFrom, alertFrom } = this.settings;
    const hour = new Date().getHours();
    const night = hour >= 21 || hour < 8;
    return {
      place: this.place,
      others: this.spots(),
      table: this.table,
      clockErrorS: this.clock.errorS(),
      thresholds: { noticeFrom, alertFrom },
      deviceNow: Date.now(),
      builtAt: __BUILT_AT__,
      asleep: night && Date.now() - this.lastTouch > AWAKE_MS,
    };
  }

  private carryOut(effect: Effect): void {
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
    const first = effect.sound === "SD" ? this.t("drill.spoken") : null;
    if (this.settings.vibration) vibrate(PATTERNS[effect.sound]);
    const key = this.quake()?.key;
    const words = this.phrases(effect.utterance);
    // Later cycles speak of the intensity as it is estimated then.
    const now = () => (this.quake()?.key === key ? this.phrases(effect.utterance) : words);
    const play = () =>
      this.alarm.start(effect.sound, now, first, this.voice(), () => this.oneVoice.over());
    const what = `${effect.do} ${effect.utterance} ${key}`;
    this.oneVoice.begin({ what, level: effect.level }, play, () => this.alarm.stop());
  }

  /** The number is spoken when the words before it are over, if it is still about right. */
  private speakNumber(): void {
    const due = this.quake();
    const words = () => {
      const quake = this.quake();
      const left = quake?.key === due?.key ? quake?.seconds : null;
      const right = left != null && due?.seconds != null && due.seconds - left <= LATE_NUMBER_S;
      return right ? this.phrases("seconds") : [];
    };
    if (this.oneVoice.speaks) this.alarm.say(words, this.voice());
  }

  private phrases(utterance: Utterance): string[] {
    return phrases(utterance, this.concerned(utterance), this.t, this.profile());
  }

  /** A notice may lie in the banner over what is on the screen; some texts are of no earthquake. */
  private concerned(utterance: Utterance): Quake | null {
    if (isOfPage(utterance)) return null;
    return utterance === "notice" ? bannerQuake(this.state) : this.quake();
  }

  private voice(): Voice {
    const { sound, speech, volume } = this.settings;
    return {
      gentle: sound === "gentle",
      volume: sound === "off" ? 0 : volume,
      language: speech === "on" ? this.language : null,
    };
  }

  private announce(utterance: Utterance, politely: boolean): void {
    const quake = this.concerned(utterance);
    const announcement = {
      text: announced(utterance, quake, this.t, this.profile()),
      utterance,
      quake: quake?.key ?? "",
      aspect: quake ? aspect(quake) : "",
      counts: quake?.seconds != null,
    };
    this.live.say(announcement, politely, steadyNow());
  }

  private tick(): void {
    this.suggest(this.receiver.config?.place ?? null);
    this.dispatch({ type: "tick" });
    void this.push.keep(this.facts());
    void this.bringClips();
    this.follow.want(this.settings.follow && document.visibilityState === "visible");
    if (this.settings.tick) this.tickByTouch();
  }

  /** The last five seconds, for those who can neither see nor hear the number. */
  private tickByTouch(): void {
    const quake = this.quake();
    const coming = quake?.phase === "countdown" || quake?.phase === "imminent";
    const known = coming && !isOneStation(quake.message);
    const arrival = known ? quake.forecast?.sArrival : undefined;
    const left = arrival === undefined ? null : Math.ceil((arrival - this.now()) / 1000);
    if (left !== this.ticked && left !== null && left >= 1 && left <= 5) vibrate(TICK);
    this.ticked = left;
  }

  /** The next tick falls where the number changes, or soon enough for all else. */
  private schedule(): void {
    clearTimeout(this.timer);
    const quake = this.quake();
    const arrival = isAlert(quake?.phase ?? null) ? quake?.forecast?.sArrival : undefined;
    const second = arrival === undefined ? TICK_MS.idle : untilNextSecond(arrival, this.now());
    const wait = isAlert(quake?.phase ?? null) ? Math.min(second, TICK_MS.active) : second;
    this.timer = setTimeout(() => this.tick(), wait);
  }
}

function untilNextSecond(arrival: number, now: number): number {
  const part = (((arrival - now) % 1000) + 1000) % 1000;
  return part + 2;
}
