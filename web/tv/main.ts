/** The TV page: HOME, AFTER and SETTINGS by arrows and OK, and the alert over all of them. */

import { afterQuake } from "../core/alert/quake";
import { Device } from "../core/device/device";
import { hidePlace } from "../core/device/place";
import { applyAppearance } from "../core/drawing/appearance";
import { h, replace } from "../core/drawing/dom";
import { AlertScreen } from "../core/drawing/surface";
import { AfterPage } from "../core/pages/after_page";
import { Banner } from "../core/pages/banner";
import type { Panel } from "../core/pages/panels";
import { QuakePanel } from "../core/pages/quake_panel";
import { SettingsPage } from "../core/pages/settings_page";
import { moveFocus } from "./remote";
import { TvHome } from "./tv_home";

type Name = "home" | "after" | "settings";

const MAP_FONT_PX = 24;
const BACK = ["Escape", "Backspace", "GoBack", "BrowserBack"];
const BACK_CODES = [461, 10009, 166];

const page = document.getElementById("page")!;
const regions = {
  live: document.getElementById("live")!,
  polite: document.getElementById("polite")!,
};
hidePlace();
const device = new Device(regions, draw);
const alertScreen = new AlertScreen(device, page, true);
const banner = new Banner(device);
const after = new AfterPage(device, true, closeAfter);
const quake = new QuakePanel(device, MAP_FONT_PX);
const afterElement = h("div", { class: "tv-after" }, after.element, quake.element);
const settings = new SettingsPage(device, true);
const pages: Readonly<Record<Name, Panel>> = {
  home: new TvHome(device, MAP_FONT_PX, () => open("settings")),
  after: { element: afterElement, draw: drawAfter },
  settings,
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

/** The style sheet is drawn for 1920 x 1080 in tens of pixels: one rem. */
function scale(): void {
  const unit = Math.min(innerWidth / 192, innerHeight / 108);
  document.documentElement.style.fontSize = `${unit}px`;
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

function drawAfter(): void {
  after.draw();
  quake.draw();
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
  if (moveFocus(page, event.key, typing)) event.preventDefault();
}
