/** Whether the map shows the motion of now or the largest of the last minutes. */

import { h, setAttribute } from "../../core/drawing/dom";
import type { Words } from "../common/words";

export class PeakChoice {
  readonly element: HTMLElement;
  peak = false;
  private readonly nowButton: HTMLButtonElement;
  private readonly peakButton: HTMLButtonElement;

  constructor(private readonly t: Words) {
    this.nowButton = this.button("map.now", false);
    this.peakButton = this.button("map.peak", true);
    this.element = h(
      "div",
      { class: "choice", role: "group", "aria-label": t("map.which") },
      this.nowButton,
      this.peakButton,
    );
    this.choose(false);
  }

  choose(peak: boolean): void {
    this.peak = peak;
    setAttribute(this.nowButton, "aria-pressed", `${!peak}`);
    setAttribute(this.peakButton, "aria-pressed", `${peak}`);
  }

  private button(key: "map.now" | "map.peak", peak: boolean): HTMLButtonElement {
    return h("button", { type: "button", onclick: () => this.choose(peak) }, this.t(key));
  }
}
