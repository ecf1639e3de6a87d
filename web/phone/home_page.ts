/** HOME: the first steps, whether it works, for which place, a drill to try, the last earthquake. */

import type { Device } from "../core/device/device";
import { h, setAttribute, show } from "../core/drawing/dom";
import {
  ChannelsPanel,
  drawDrill,
  type Panel,
  PlacePanel,
  StatusPanel,
} from "../core/pages/panels";
import { QuakePanel } from "../core/pages/quake_panel";
import { Welcome } from "../core/pages/welcome";

const MAP_FONT_PX = 12;

export class HomePage implements Panel {
  readonly element: HTMLElement;
  private readonly panels: Panel[];
  private readonly drill: HTMLButtonElement;
  private readonly place: PlacePanel;

  constructor(
    private readonly device: Device,
    openSettings: () => void,
  ) {
    const status = new StatusPanel(device);
    const welcome = new Welcome(device, openSettings);
    this.place = new PlacePanel(device, openSettings);
    const channels = new ChannelsPanel(device, false);
    const quake = new QuakePanel(device, MAP_FONT_PX);
    this.drill = h("button", {
      type: "button",
      class: "strong try",
      onclick: () => device.tryDrill(),
    });
    this.panels = [welcome, status, this.place, quake, channels];
    const rest = [this.place.element, this.drill, quake.element, channels.element];
    this.element = h("div", { class: "home" }, welcome.element, status.element, ...rest);
  }

  draw(): void {
    for (const panel of this.panels) panel.draw();
    drawDrill(this.drill, this.device);
    // Place and drill are among the first steps.
    const { welcomed } = this.device;
    setAttribute(this.element, "data-welcome", welcomed ? null : "");
    show(this.place.element, welcomed);
    show(this.drill, welcomed);
  }
}
