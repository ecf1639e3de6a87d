/** Stands for a page until its script is there. */

import type { Device } from "../../device/device";
import { h, setText } from "../../drawing/dom";
import type { Panel } from "../../drawing/panel";

export class Loading implements Panel {
  private readonly text = h("h1", { tabindex: -1 });
  readonly element = h("div", { class: "loading" }, this.text);

  constructor(private readonly device: Device) {}

  draw(): void {
    setText(this.text, this.device.t("loading"));
  }
}
