/** An intensity as a chip: shape, number, word and colour say the same. */

import type { IntensityWords } from "../words/scales";
import { h, replace, setAttribute, show } from "./dom";
import { icon } from "./icons";

export class Chip {
  readonly element = h("span", { class: "chip", hidden: true });
  private drawn = "";

  /** null: no intensity is known, and nothing is shown. */
  draw(intensity: IntensityWords | null): void {
    show(this.element, intensity !== null);
    if (!intensity) return;
    const { number, word, shape, colour, text } = intensity;
    const drawn = `${number} ${word}`;
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const written = h("span", { class: "chip-number" }, number);
    replace(this.element, icon(shape), written, " ", h("span", { class: "chip-word" }, word));
    setAttribute(this.element, "data-shape", shape);
    this.element.style.background = colour;
    this.element.style.color = text;
  }
}

export function chip(intensity: IntensityWords | null): HTMLElement {
  const made = new Chip();
  made.draw(intensity);
  return made.element;
}
