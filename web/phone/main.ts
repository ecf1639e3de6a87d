/** The phone page: four tabs, the banner and the alert that takes over any of them. */

import { afterQuake } from "../core/alert/quake";
import { keepOffline } from "../core/background/offline";
import { Device } from "../core/device/device";
import { secondScript } from "../core/device/second_script";
import { applyAppearance } from "../core/drawing/appearance";
import { h, replace, setAttribute, setText, show } from "../core/drawing/dom";
import { glyph } from "../core/drawing/glyphs";
import type { Panel } from "../core/drawing/panel";
import { AlertScreen } from "../core/drawing/surface";
import { AfterPage } from "../core/pages/after/after_page";
import { Banner } from "../core/pages/home/banner";
import { Loading } from "../core/pages/home/loading";
import { hidePlace } from "../core/person/place";
import type { Key } from "../languages/language";
import { HomePage } from "./home_page";
import type * as Later from "./later";

const MAP_FONT_PX = 12;

const TABS = ["home", "after", "history", "settings"] as const;
type Tab = (typeof TABS)[number];

const page = document.getElementById("page")!;
const regions = {
  live: document.getElementById("live")!,
  polite: document.getElementById("polite")!,
};
hidePlace();
const device = new Device(regions, draw);
const alertScreen = new AlertScreen(device, page, false);
const banner = new Banner(device);
const home = new HomePage(device, () => open("settings"));
const after = new AfterPage(device, false, closeAfter);
const pages: Record<Tab, Panel> = {
  home,
  after,
  history: new Loading(device),
  settings: new Loading(device),
};
const main = h("main", { id: "main" });
const names = TABS.map(() => h("span", {}));
const tabs = TABS.map((tab, i) =>
  h("button", { type: "button", onclick: () => open(tab) }, glyph(tab), names[i] as HTMLElement),
);
let tab: Tab | null = null;
let afterOf: string | null = null;

page.append(main, h("nav", { class: "tabs" }, ...tabs));
document.body.append(banner.element, alertScreen.element);
addEventListener("pointerdown", () => device.touched(), true);
addEventListener("keydown", () => device.touched(), true);
open("home");
void device.begin();
void device.settled
  .then(() => secondScript<typeof Later>())
  .then(complete)
  .then(() => keepOffline(false));

/** The pages that no alert needs come later. */
function complete(later: typeof Later): void {
  const { HistoryPage, QuakePanel, SettingsPage } = later;
  pages.history = new HistoryPage(device);
  pages.settings = new SettingsPage(device, false);
  home.add(new QuakePanel(device, MAP_FONT_PX, true), ...later.homePanels(device));
  after.add(...later.afterPanels(device, () => open("settings")));
  if (tab) replace(main, pages[tab].element);
  draw();
}

function open(wanted: Tab): void {
  const moves = tab !== null && tab !== wanted;
  tab = wanted;
  replace(main, pages[wanted].element);
  draw();
  if (!moves) return;
  scrollTo(0, 0);
  main.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
}

function draw(): void {
  // The device draws once while it is being constructed, before there is a page.
  if (tab === null) return;
  const covered = alertScreen.draw();
  banner.draw();
  openAfter();
  applyAppearance(device);
  if (!covered) pages[tab].draw();
  tabs.forEach((button, i) => {
    const name = TABS[i] as Tab;
    setText(names[i] as HTMLElement, device.t(name satisfies Key));
    setAttribute(button, "aria-current", name === tab ? "page" : null);
  });
  show(page, true);
}

/** AFTER opens by itself, once for each earthquake. */
function openAfter(): void {
  const quake = afterQuake(device.state);
  if (!quake || afterOf === quake.key) return;
  afterOf = quake.key;
  open("after");
}

function closeAfter(): void {
  const quake = afterQuake(device.state);
  if (quake) device.dispatch({ type: "ok", quake: quake.key });
  open("home");
}
