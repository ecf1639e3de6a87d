/**
 * The shell around the reducer: owns the clock, the connection and what is stored, feeds events
 * in and carries effects out. Phone and TV each make one Device and draw from it.
 */

import { type Translate, translator } from "../../languages/language";
import { chooseLanguage } from "../../languages/table";
import type { Effect, Utterance } from "../alert/effects";
import type { Entry, Quake, State } from "../alert/model";
import { isOneStation } from "../alert/one_station";
import { bannerQuake, isAlert, shownQuake } from "../alert/quake";
import { type Readiness, readiness } from "../alert/readiness";
import { isRealLately } from "../alert/recent";
import { readSettings, type Settings } from "../alert/settings";
import { type Event, next, start } from "../alert/state";
import type { Place } from "../forecast/forecast";
import type { TravelTimes } from "../forecast/travel_time";
import { Alarm, type SoundState, type Voice } from "../output/alarm";
import { aspect, isOfPage, LiveRegions, type Regions } from "../output/live_regions";
import { canSpeak } from "../output/speech";
import { canVibrate, PATTERNS, stopVibrating, TICK, vibrate } from "../output/vibration";
import { WakeLock } from "../output/wake_lock";
import { Clock } from "../stream/clock";
import { fetchJson } from "../stream/http";
import type { Config } from "../stream/key_list";
import { steadyNow } from "../stream/transport";
import { announced, spoken } from "../words/words";
import { drillMessage } from "./drill";
import { placeInAddress, readPlace, type Town } from "./place";
import { Push } from "./push";
import { Receiver } from "./receiver";
import type { Facts } from "./shared";
import { deleteAll, load, save } from "./store";

declare const __BUILT_AT__: number;

const AWAKE_MS = 900_000;
const TICK_MS = { active: 250, idle: 1000 };

export class Device {
  state: State = start((load("history") as Entry[] | null) ?? []);
  settings: Settings = readSettings(load("settings"));
  place: Place | null;
  /** Whether the place is only what the server suggests. */
  suggested = false;
  table: TravelTimes | null = null;
  t: Translate;
  language: string;
  /** Warnings while the page is closed. */
  readonly push = new Push(() => this.draw());
  private readonly clock = new Clock();
  private readonly alarm = new Alarm(() => this.draw());
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
  private allTowns: Promise<Town[]> | null = null;

  constructor(
    regions: Regions,
    private readonly draw: () => void,
  ) {
    this.live = new LiveRegions(regions);
    this.place = placeInAddress(location.search, location.hash) ?? readPlace(load("place"));
    document.addEventListener("visibilitychange", () => this.seen());
    addEventListener("hashchange", () => this.moveTo(placeInAddress("", location.hash)));
    this.language = this.settings.language ?? chooseLanguage(navigator.languages);
    this.t = translator(this.language);
  }

  /** Fetch what the server publishes, then receive messages until the page is closed. */
  async begin(): Promise<void> {
    this.alarm.arm();
    this.tick();
    const config = await this.receiver.ask();
    this.table = await fetchJson<TravelTimes>("travel_times.json");
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
    return readiness(this.state, this.place);
  }

  /** A drill shows that there is no earthquake: not soon after one. */
  mayDrill(): boolean {
    const lately = isRealLately(this.state.quakes, this.state.history, this.now());
    return this.place !== null && this.table !== null && !lately;
  }

  dispatch(event: Event): void {
    const step = next(this.state, event, this.now(), this.context());
    const changed = step.state.history !== this.state.history;
    this.state = step.state;
    if (changed) save("history", this.state.history);
    this.draw();
    for (const effect of step.effects) this.carryOut(effect);
    this.live.draw(this.state, steadyNow());
    this.wakeLock.want(this.settings.awake || this.quake() !== null);
    this.schedule();
  }

  tryDrill(): void {
    this.touched();
    if (!this.place || !this.table) return;
    const message = drillMessage(this.place, this.table, this.now());
    this.dispatch({ type: "message", message });
  }

  /** The person is here: sound is allowed from now on, and drills even at night. */
  touched(): void {
    this.lastTouch = Date.now();
    this.alarm.arm();
  }

  choose(change: Partial<Settings>): void {
    this.settings = { ...this.settings, ...change };
    save("settings", this.settings);
    this.language = this.settings.language ?? chooseLanguage(navigator.languages);
    this.t = translator(this.language);
    this.draw();
  }

  choosePlace(place: Place): void {
    this.place = place;
    this.suggested = false;
    save("place", place);
    this.draw();
  }

  /** What an alert is judged by here. */
  facts(): Facts {
    const { place, table, language, settings } = this;
    const { noticeFrom, alertFrom, profile, vibration } = settings;
    const { config, roots, listed } = this.receiver;
    return {
      place,
      table,
      keys: config?.keys ?? {},
      roots,
      listed,
      thresholds: { noticeFrom, alertFrom },
      profile,
      language,
      vibration,
    };
  }

  forgetEverything(): void {
    deleteAll();
    void this.push.turnOff();
    this.settings = readSettings(null);
    this.place = null;
    this.state = { ...this.state, history: [], quakes: [], shown: null };
    this.suggest(this.receiver.config?.place ?? null);
    this.choose({});
    deleteAll();
  }

  /** What works on this device, for the self-check on the home page. */
  channels(): { sound: SoundState; voice: boolean; vibration: boolean } {
    const voice = canSpeak(this.language);
    return { sound: this.alarm.state(), voice, vibration: canVibrate() };
  }

  playTest(): void {
    this.touched();
    const words = this.t(`spoken.${this.settings.profile}`);
    this.alarm.start("SD", `${this.t("drill.spoken")} ${words}`, null, this.voice());
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
        return this.alarm.say(this.spoken(effect.utterance), this.voice());
      case "announce":
        return this.announce(effect.utterance, effect.politely);
      case "quiet":
        stopVibrating();
        return this.alarm.stop();
    }
  }

  private sound(effect: Extract<Effect, { do: "alarm" | "chime" }>): void {
    const first = effect.sound === "SD" ? this.t("drill.spoken") : null;
    if (this.settings.vibration) vibrate(PATTERNS[effect.sound]);
    this.alarm.start(effect.sound, this.spoken(effect.utterance), first, this.voice());
  }

  private spoken(utterance: Utterance): string {
    return spoken(utterance, this.concerned(utterance), this.t, this.settings.profile);
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
      text: announced(utterance, quake, this.t, this.settings.profile),
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
