/** The place that this device warns for. */

import type { Device } from "../../device/device";
import { h, setAttribute, setText } from "../../drawing/dom";
import type { Panel } from "../../drawing/panel";

export class PlacePanel implements Panel {
  private readonly heading = h("h2", {});
  private readonly name = h("p", { class: "place-name" });
  private readonly detail = h("p", { class: "small" });
  private readonly button: HTMLButtonElement;
  readonly element: HTMLElement;

  constructor(
    private readonly device: Device,
    change: () => void,
  ) {
    this.button = h("button", { type: "button", class: "quiet", onclick: change });
    const words = h("div", {}, this.heading, this.name, this.detail);
    this.element = h("section", { class: "card place" }, words, this.button);
  }

  draw(): void {
    const { t, place, suggested } = this.device;
    setText(this.heading, t("place"));
    setText(this.name, place?.name ?? t("place.none"));
    const kept = t(suggested ? "place.suggested" : "place.kept");
    setText(this.detail, place ? kept : t("place.none.detail"));
    setText(this.button, t(place ? "place.change" : "place.choose"));
    setAttribute(this.element, "data-missing", place ? null : "");
  }
}
