/**
 * The shell around the reducer: owns the clock, the connection and what is stored, feeds events
 * in and hands effects to the outputs. Phone and TV each make one Device and draw from it.
 */

import { TEXTS, type Translate, translator } from "../../languages/language";
import { type Code, chooseLanguage, isLanguage } from "../../languages/table";
import { readHistory } from "../alert/history";
import type { Quake, SoundState, Spot, State } from "../alert/model";
import { isAlert, shownQuake } from "../alert/quake";
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
import type { Regions } from "../output/live_regions";
import { canVibrate } from "../output/vibration";
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
import { drillMessage, isTried } from "./drill";
import { Outputs } from "./outputs";
import { Receiver } from "./receiver";

declare const __BUILT_AT__: number;

const AWAKE_MS = 900_000;
const TICK_MS = { active: 250, idle: 1000 };
const SETTLED_MS = 5000;

export class Device {
  state: State = start(readHistory(load("history")));
  settings: Settings = readSettings(load("settings"));
  place: Place | null;
  /** Further places of the person. */
  others: readonly Spot[] = readSpots(load("places"));
  help: Help = readHelp(load("help"));
  /** Where the device is, if the person wants that. */
  readonly follow = new Follow(() => this.dispatch({ type: "moved" }));
  /** Whether the place is only what the server suggests. */
  suggested = false;
  readonly table = travelTimes();
  t!: Translate;
  /** That of what is shown: English until the texts of the wanted one are here. */
  language!: Code;
  /** The first steps (home/welcome.ts) have been taken, or left out. */
  welcomed = load("welcomed") === true;
  /** Warnings while the page is closed. */
  readonly push = new Push(() => this.draw());
  private readonly clock = new Clock();
  private readonly receiver = new Receiver(
    this.clock,
    (event) => this.dispatch(event),
    __BUILT_AT__,
  );
  private readonly outputs: Outputs;
  private lastTouch = Date.now();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private settle = () => {};
  /** Resolved once the stream answers, or SETTLED_MS after the start where the server is away. */
  readonly settled = new Promise<void>((resolve) => {
    this.settle = resolve;
  });
  private allTowns: Promise<Town[]> | null = null;

  constructor(
    regions: Regions,
    private readonly draw: () => void,
  ) {
    const stop = (quake: string) => this.dispatch({ type: "stop", quake });
    this.outputs = new Outputs(regions, this, { changed: draw, stop });
    this.place = placeInAddress(location.search, location.hash) ?? readPlace(load("place"));
    document.addEventListener("visibilitychange", () => this.seen());
    addEventListener("pageshow", () => this.seen());
    addEventListener("pagehide", () => this.outputs.leave());
    // Shown at once; where the connection lives all the same, its next heartbeat takes it back.
    addEventListener("offline", () => this.dispatch({ type: "closed" }));
    addEventListener("hashchange", () => this.moveTo(placeInAddress("", location.hash)));
    this.speakWanted();
    void this.bringTexts();
  }

  /** Fetch what the server publishes, then receive messages until the page is closed. */
  async begin(): Promise<void> {
    this.outputs.arm();
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
    const sound = settings.sound === "off" ? "off" : this.outputs.soundState();
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
      this.outputs.stopElsewhere(this.state.shown);
    this.state = step.state;
    if (changed) save("history", this.state.history);
    try {
      this.draw();
    } finally {
      // Sound, vibration and the next tick do not depend on a page that can be drawn.
      for (const effect of step.effects) this.outputs.carryOut(effect);
      if (event.type === "heartbeat") this.settle();
      this.outputs.draw();
      this.schedule();
    }
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
    const sound = this.outputs.soundState();
    return this.settings.sound !== "off" && (sound === "locked" || sound === "interrupted");
  }

  /** The person is here: sound is allowed from now on, and drills even at night. */
  touched(): void {
    this.lastTouch = Date.now();
    this.outputs.arm();
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
    this.dispatch({ type: "moved" });
  }

  chooseHelp(change: Partial<Help>): void {
    this.help = { ...this.help, ...change };
    save("help", this.help);
    this.draw();
  }

  chooseOthers(others: readonly Spot[]): void {
    this.others = others;
    save("places", others);
    this.dispatch({ type: "moved" });
  }

  /** The further places, and where the device is. */
  private spots(): readonly Spot[] {
    const { noticeFrom, alertFrom } = this.settings;
    const here = this.follow.place(this.t("place.here"));
    const own = here ? [{ place: here, thresholds: { noticeFrom, alertFrom } }] : [];
    return [...own, ...this.others];
  }

  /** The place of an earthquake that was judged for one of several. */
  placeOf({ at, place }: { at?: string; place?: Place }): Place | null {
    if (place) return place;
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
    const voice = this.outputs.canSpeak();
    return { sound: this.outputs.soundState(), voice, vibration: canVibrate() };
  }

  /** How well the server's clock is known, in seconds; Infinity: not yet. */
  clockError(): number {
    return this.clock.errorS();
  }

  testVibration(): void {
    this.touched();
    this.outputs.testVibration();
  }

  playTest(): void {
    this.touched();
    this.outputs.playTest();
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
    this.dispatch({ type: "moved" });
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

  /** Devices suspend the sound and the clocks of a page that is not seen. */
  private seen(): void {
    if (document.visibilityState !== "visible") return;
    this.outputs.arm();
    this.tick();
  }

  /** The place of an address that has changed on the open page. */
  private moveTo(place: Place | null): void {
    if (!place) return;
    this.place = place;
    this.suggested = false;
    this.dispatch({ type: "moved" });
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

  private tick(): void {
    this.suggest(this.receiver.config?.place ?? null);
    this.dispatch({ type: "tick" });
    void this.push.keep(this.facts());
    if (this.state.heartbeatAt !== null) void this.outputs.bringClips();
    this.follow.want(this.settings.follow && document.visibilityState === "visible");
    if (this.settings.tick) this.outputs.tickByTouch();
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
