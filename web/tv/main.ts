/** The TV page: HOME, AFTER and SETTINGS by arrows and OK, and the alert over all of them. */

import { afterQuake } from "../core/alert/quake";
import { keepOffline } from "../core/background/offline";
import { Device } from "../core/device/device";
import { secondScript } from "../core/device/second_script";
import { applyAppearance } from "../core/drawing/appearance";
import { h, replace } from "../core/drawing/dom";
import type { Panel } from "../core/drawing/panel";
import { AlertScreen } from "../core/drawing/surface";
import { AfterPage } from "../core/pages/after/after_page";
import { Banner } from "../core/pages/home/banner";
import { Loading } from "../core/pages/home/loading";
import { hidePlace } from "../core/person/place";
import type * as Later from "./later";
import { overlayIn } from "./overlay";
import { moveFocus } from "./remote";
import { TvHome } from "./tv_home";

type Name = "home" | "after" | "settings";

/** In rem: 40 px at 1080p. */
const MAP_FONT = 4;
const BACK = ["Escape", "Backspace", "GoBack", "BrowserBack"];
const BACK_CODES = [461, 10009, 166];

const page = document.getElementById("page")!;
const regions = {
  live: document.getElementById("live")!,
  polite: document.getElementById("polite")!,
};
hidePlace();
const overlay = overlayIn(location.search, location.hash);
const device = new Device(regions, draw);
if (overlay) document.documentElement.setAttribute("data-overlay", overlay);
if (overlay === "silent") device.settings = { ...device.settings, sound: "off", speech: "off" };
const alertScreen = new AlertScreen(device, page, true);
const banner = new Banner(device);
const after = new AfterPage(device, true, closeAfter);
const home = new TvHome(device, () => open("settings"));
const afterElement = h("div", { class: "tv-after" }, after.element);
const pages: Record<Name, Panel> = {
  home,
  after: { element: afterElement, draw: () => after.draw() },
  settings: new Loading(device),
};
const main = h("main", { id: "main" });
let name: Name | null = null;
let afterOf: string | null = null;

page.append(main);
document.body.append(banner.element, alertScreen.element);
addEventListener("keydown", key);
addEventListener("pointerdown", () => device.touched(), true);
addEventListener("resize", scale);
scale();
open("home");
void device.begin();
if (!overlay)
  void device.settled
    .then(() => secondScript<typeof Later>())
    .then(complete)
    .then(() => keepOffline(true));

/** What no alert needs comes later. */
function complete({ QuakePanel, SettingsPage }: typeof Later): void {
  const font = MAP_FONT * unit();
  const quake = new QuakePanel(device, font);
  afterElement.appendChild(quake.element);
  pages.after = {
    element: afterElement,
    draw: () => {
      after.draw();
      quake.draw();
    },
  };
  home.add(new QuakePanel(device, font));
  pages.settings = new SettingsPage(device, true);
  if (name === "settings") open(name);
  else draw();
}

/** The style sheet is drawn for 1920 x 1080 in tens of pixels: one rem. */
function scale(): void {
  document.documentElement.style.fontSize = `${unit()}px`;
}

function unit(): number {
  return Math.min(innerWidth / 192, innerHeight / 108);
}

function open(wanted: Name): void {
  name = wanted;
  replace(main, pages[wanted].element);
  draw();
  main.querySelector<HTMLElement>("button:not([disabled])")?.focus();
}

function draw(): void {
  if (name === null) return;
  const covered = alertScreen.draw();
  banner.draw();
  if (overlay) return applyAppearance(device);
  openAfter();
  applyAppearance(device);
  if (!covered) pages[name].draw();
}

function openAfter(): void {
  const over = afterQuake(device.state);
  if (over && afterOf !== over.key) {
    afterOf = over.key;
    open("after");
  }
  // Nobody may be there to close it, and a TV has no other way back to its clock.
  if (!over && name === "after") open("home");
}

function closeAfter(): void {
  const over = afterQuake(device.state);
  if (over) device.dispatch({ type: "ok", quake: over.key });
  open("home");
}

function key(event: KeyboardEvent): void {
  device.touched();
  document.documentElement.setAttribute("data-keys", "");
  const back = BACK.includes(event.key) || BACK_CODES.includes(event.keyCode);
  const typing = event.target instanceof HTMLInputElement;
  if (device.state.banner !== null && (back || event.key === "Enter")) {
    event.preventDefault();
    return banner.close();
  }
  if (back && !(typing && event.key === "Backspace")) {
    event.preventDefault();
    return name === "after" ? closeAfter() : open("home");
  }
  const within = alertScreen.element.hidden ? page : alertScreen.element;
  if (moveFocus(within, event.key, typing)) event.preventDefault();
}
