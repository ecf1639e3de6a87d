/** HOME on the TV: the clock, the place, whether it works, and a map. */

import type { Device } from "../core/device/device";
import { h, setAttribute, setText, show } from "../core/drawing/dom";
import type { Panel } from "../core/drawing/panel";
import { ChannelsPanel } from "../core/pages/home/channels_panel";
import { drawDrill } from "../core/pages/home/drill_button";
import { PlacePanel } from "../core/pages/home/place_panel";
import { StatusPanel } from "../core/pages/home/status_panel";
import { Welcome } from "../core/pages/home/welcome";
import { localeOf } from "../languages/numerals";

export class TvHome implements Panel {
  readonly element: HTMLElement;
  private readonly left: HTMLElement;
  private readonly panels: Panel[];
  private readonly clock = h("p", { class: "clock" });
  private readonly slot = h("div", {});
  private readonly drill: HTMLButtonElement;
  /** What gives its room to the first steps. */
  private readonly later: readonly HTMLElement[];
  private readonly settings: HTMLButtonElement;

  constructor(
    private readonly device: Device,
    openSettings: () => void,
  ) {
    const welcome = new Welcome(device, openSettings);
    const status = new StatusPanel(device);
    const place = new PlacePanel(device, openSettings);
    const channels = new ChannelsPanel(device, true);
    this.panels = [welcome, status, place, channels];
    this.drill = h("button", { type: "button", class: "strong", onclick: () => device.tryDrill() });
    this.settings = h("button", { type: "button", class: "quiet", onclick: openSettings });
    const buttons = h("div", { class: "pair" }, this.drill, this.settings);
    this.later = [this.clock, place.element, channels.element, buttons];
    const rest = [status.element, ...this.later.slice(1)];
    const parts = [this.clock, welcome.element, ...rest];
    this.left = h("div", { class: "left" }, ...parts);
    this.element = h("div", { class: "tv-home" }, this.left, this.slot);
  }

  /** The map with the last earthquake, which is loaded later. */
  add(quake: Panel): void {
    this.element.replaceChild(quake.element, this.slot);
    this.panels.push(quake);
  }

  draw(): void {
    for (const panel of this.panels) panel.draw();
    const { t, language } = this.device;
    const time = new Date().toLocaleTimeString(localeOf(language), {
      hour: "2-digit",
      minute: "2-digit",
      hour12: false,
    });
    setText(this.clock, time);
    drawDrill(this.drill, this.device);
    for (const part of this.later) show(part, this.device.welcomed);
    setAttribute(this.element, "data-welcome", this.device.welcomed ? null : "");
    setAttribute(this.element, "data-unready", this.device.readiness() === "ready" ? null : "");
    setText(this.settings, t("settings"));
    this.fit();
  }

  /** Longer texts, and what is wrong, take the room of the spaces, and then of the clock. */
  private fit(): void {
    for (const tight of [null, "", "very"]) {
      setAttribute(this.element, "data-tight", tight);
      if (this.left.scrollHeight <= this.left.clientHeight) return;
    }
  }
}
