/**
 * How long there is: in words, as a number, and as a bar that gets shorter with every second.
 *
 * The bar stands still between two seconds: nothing moves by itself.
 */

import type { Translate } from "../../languages/language";
import type { AlertView } from "../words/view";
import { h, setText, show } from "./dom";

export class Count {
  private readonly label = h("p", { class: "label", id: "count-label" });
  private readonly number = h("p", {
    class: "number",
    role: "timer",
    "aria-labelledby": "count-label",
  });
  private readonly unit = h("p", { class: "unit" });
  private readonly left = h("span", { class: "left-of-bar" });
  private readonly bar = h("div", { class: "bar", "aria-hidden": "true" }, this.left);
  readonly element: HTMLElement;
  /** The most seconds that were shown of an earthquake: the whole bar. */
  private most = 0;
  private of = "";

  constructor() {
    const big = h("div", { class: "big" }, this.number, this.unit);
    this.element = h("div", { class: "count" }, this.label, big, this.bar);
  }

  /** quake: the key of that which is shown. */
  draw({ countLabel, seconds }: AlertView, quake: string, t: Translate): void {
    show(this.element, countLabel !== "");
    setText(this.label, countLabel);
    for (const one of [this.number, this.unit, this.bar]) show(one, seconds !== null);
    setText(this.number, seconds === null ? "" : t.digits(seconds));
    this.number.setAttribute("data-digits", `${`${seconds}`.length}`);
    setText(this.unit, t("seconds"));
    if (seconds === null) return;
    this.most = quake === this.of ? Math.max(this.most, seconds) : seconds;
    this.of = quake;
    this.left.style.width = `${(100 * seconds) / Math.max(1, this.most)}%`;
  }
}
