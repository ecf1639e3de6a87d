/** HOME: the first steps, whether it works, for which place, a drill to try, the last earthquake. */

import type { Device } from "../core/device/device";
import { h, setAttribute, show } from "../core/drawing/dom";
import type { Panel } from "../core/drawing/panel";
import { ChannelsPanel } from "../core/pages/home/channels_panel";
import { drawDrill } from "../core/pages/home/drill_button";
import { PlacePanel } from "../core/pages/home/place_panel";
import { StatusPanel } from "../core/pages/home/status_panel";
import { Welcome } from "../core/pages/home/welcome";

export class HomePage implements Panel {
  readonly element: HTMLElement;
  private readonly panels: Panel[];
  private readonly drill: HTMLButtonElement;
  private readonly place: PlacePanel;
  private readonly slot = h("div", {});

  constructor(
    private readonly device: Device,
    openSettings: () => void,
  ) {
    const status = new StatusPanel(device);
    const welcome = new Welcome(device, openSettings);
    this.place = new PlacePanel(device, openSettings);
    const channels = new ChannelsPanel(device, false);
    this.drill = h("button", {
      type: "button",
      class: "strong try",
      onclick: () => device.tryDrill(),
    });
    this.panels = [welcome, status, this.place, channels];
    const rest = [this.place.element, this.drill, this.slot, channels.element];
    this.element = h("div", { class: "home" }, welcome.element, status.element, ...rest);
  }

  /** The panel of the last earthquake, which is loaded later, and what comes below all. */
  add(quake: Panel, ...more: Panel[]): void {
    this.element.replaceChild(quake.element, this.slot);
    for (const { element } of more) this.element.appendChild(element);
    this.panels.push(quake, ...more);
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
