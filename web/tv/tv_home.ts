/** HOME on the TV: the clock, the place, whether it works, and a map. */

import type { Device } from "../core/device/device";
import { h, setAttribute, setText, show } from "../core/drawing/dom";
import {
  ChannelsPanel,
  drawDrill,
  type Panel,
  PlacePanel,
  StatusPanel,
} from "../core/pages/panels";
import { QuakePanel } from "../core/pages/quake_panel";

export class TvHome implements Panel {
  readonly element: HTMLElement;
  private readonly left: HTMLElement;
  private readonly panels: Panel[];
  private readonly clock = h("p", { class: "clock" });
  private readonly channels: ChannelsPanel;
  private readonly drill: HTMLButtonElement;
  private readonly settings: HTMLButtonElement;

  constructor(
    private readonly device: Device,
    font: number,
    openSettings: () => void,
  ) {
    const status = new StatusPanel(device);
    const place = new PlacePanel(device, openSettings);
    const channels = new ChannelsPanel(device, true);
    const quake = new QuakePanel(device, font);
    this.panels = [status, place, channels, quake];
    this.drill = h("button", { type: "button", class: "strong", onclick: () => device.tryDrill() });
    this.settings = h("button", { type: "button", class: "quiet", onclick: openSettings });
    this.channels = channels;
    const buttons = h("div", { class: "pair" }, channels.arm, this.drill, this.settings);
    const parts = [this.clock, status.element, place.element, channels.element, buttons];
    this.left = h("div", { class: "left" }, ...parts);
    this.element = h("div", { class: "tv-home" }, this.left, quake.element);
  }

  draw(): void {
    for (const panel of this.panels) panel.draw();
    const { t, language } = this.device;
    const time = new Date().toLocaleTimeString(language, {
      hour: "2-digit",
      minute: "2-digit",
      hour12: false,
    });
    setText(this.clock, time);
    drawDrill(this.drill, this.device);
    show(this.drill, this.channels.arm.hidden === true); // first the sound; any key turns it on, too
    setAttribute(this.element, "data-unready", this.device.readiness() === "ready" ? null : "");
    setText(this.settings, t("settings"));
    this.fit();
  }

  /** A language with longer texts takes the room of the clock and of the spaces. */
  private fit(): void {
    setAttribute(this.element, "data-tight", null);
    const { scrollHeight, clientHeight } = this.left;
    if (scrollHeight > clientHeight) setAttribute(this.element, "data-tight", "");
  }
}
