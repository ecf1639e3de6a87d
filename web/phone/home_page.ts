/** HOME: whether it works, for which place, a drill to try, and the last earthquake. */

import type { Device } from "../core/device/device";
import { h } from "../core/drawing/dom";
import {
  ChannelsPanel,
  drawDrill,
  type Panel,
  PlacePanel,
  StatusPanel,
} from "../core/pages/panels";
import { QuakePanel } from "../core/pages/quake_panel";

const MAP_FONT_PX = 12;

export class HomePage implements Panel {
  readonly element: HTMLElement;
  private readonly panels: Panel[];
  private readonly drill: HTMLButtonElement;

  constructor(
    private readonly device: Device,
    openSettings: () => void,
  ) {
    const status = new StatusPanel(device);
    const place = new PlacePanel(device, openSettings);
    const channels = new ChannelsPanel(device, false);
    const quake = new QuakePanel(device, MAP_FONT_PX);
    this.drill = h("button", {
      type: "button",
      class: "strong try",
      onclick: () => device.tryDrill(),
    });
    this.panels = [status, place, quake, channels];
    const rest = [place.element, this.drill, quake.element, channels.element];
    this.element = h("div", { class: "home" }, status.element, ...rest);
  }

  draw(): void {
    for (const panel of this.panels) panel.draw();
    drawDrill(this.drill, this.device);
  }
}
