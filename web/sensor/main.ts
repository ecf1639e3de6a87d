/** The sensor page: opt in, then listen while the phone lies still, is charging and is in front. */

import { readSettings } from "../core/alert/settings";
import { h, setText, show } from "../core/drawing/dom";
import { geohash } from "../core/forecast/geohash";
import { WakeLock } from "../core/output/wake_lock";
import { placeInAddress, readPlace } from "../core/person/place";
import { load } from "../core/storage/store";
import { send, serverOffset } from "./server";
import { Trigger } from "./trigger";
import { type SensorKey, sensorLanguage, sensorText } from "./words";

const PRECISION = 5;
const CLOCK_EVERY_MS = 600_000;
const CLOCK_RETRY_MS = 5_000;
const DRAW_EVERY_MS = 500;
const SILENT_MS = 3_000;

const place = placeInAddress(location.search, location.hash) ?? readPlace(load("place"));
const cell = place && geohash(place.lat, place.lon, PRECISION);
const settings = readSettings(load("settings"));
const language = sensorLanguage(settings.language ? [settings.language] : navigator.languages);
const t = (key: SensorKey, slots = {}) => sensorText(language, key, slots);
const wakeLock = new WakeLock();

const status = h("p", { id: "status", role: "status" });
const sent = h("p", { id: "sent" });
const button = h("button", { type: "button", class: "strong", onclick: () => void toggle() });
document
  .getElementById("page")!
  .append(
    h("h1", {}, t("title")),
    h("p", {}, t("what")),
    button,
    status,
    sent,
    h("p", { class: "second" }, cell ? t("cell", { cell }) : null),
    h("p", { class: "second" }, t("warning")),
  );
document.documentElement.lang = language;
document.title = t("title");

let taking = false;
let charging = true;
let offset: number | null = null;
let asked = -Infinity;
let sampledAt = -Infinity;
let began = 0;
let sentCount = 0;
let trigger = new Trigger();

void watchBattery();
setInterval(draw, DRAW_EVERY_MS);
draw();

/** Part or not; the permission that some phones want must be asked for in a touch. */
async function toggle(): Promise<void> {
  taking = !taking && (await permitted());
  removeEventListener("devicemotion", onMotion);
  if (taking) addEventListener("devicemotion", onMotion);
  trigger = new Trigger();
  began = performance.now();
  wakeLock.want(taking);
  draw();
}

async function permitted(): Promise<boolean> {
  const motion = window.DeviceMotionEvent as unknown as {
    requestPermission?: () => Promise<string>;
  };
  if (!motion?.requestPermission) return true;
  return (await motion.requestPermission().catch(() => "denied")) === "granted";
}

function onMotion(event: DeviceMotionEvent): void {
  const a = event.accelerationIncludingGravity;
  if (!a || a.x === null || a.y === null || a.z === null) return;
  sampledAt = performance.now();
  if (why() !== null) {
    trigger = new Trigger();
    return;
  }
  const shake = trigger.feed(event.timeStamp, a.x, a.y, a.z);
  if (!shake || offset === null || cell === null) return;
  void send(shake, offset, cell).then((taken) => (sentCount += taken ? 1 : 0));
}

/** Why the page does not listen, or null. */
function why(): SensorKey | null {
  if (!taking) return "off";
  if (cell === null) return "no-place";
  if (document.visibilityState !== "visible") return "hidden";
  if (!charging) return "no-charge";
  return offset === null ? "no-server" : null;
}

function draw(): void {
  const now = performance.now();
  if (taking && now - asked > (offset === null ? CLOCK_RETRY_MS : CLOCK_EVERY_MS)) {
    asked = now;
    void serverOffset().then((found) => (offset = found ?? offset));
  }
  const silent = taking && now - Math.max(sampledAt, began) > SILENT_MS;
  setText(status, t(why() ?? (silent ? "no-sensor" : trigger.state)));
  status.dataset["state"] = why() ?? trigger.state;
  setText(sent, t("sent", { n: sentCount }));
  show(sent, sentCount > 0);
  setText(button, t(taking ? "stop" : "begin"));
}

/** Where the browser does not report it, the phone is taken to be plugged in, as asked. */
async function watchBattery(): Promise<void> {
  const api = navigator as unknown as {
    getBattery?: () => Promise<EventTarget & { charging: boolean }>;
  };
  const battery = await api.getBattery?.().catch(() => null);
  if (!battery) return;
  const look = () => (charging = battery.charging);
  battery.addEventListener("chargingchange", look);
  look();
}
