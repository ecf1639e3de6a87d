/** Fields of forms with their labels. */

import { h } from "../../core/drawing/dom";

export function labelled(text: string, control: HTMLElement): HTMLElement[] {
  return [h("label", { for: control.id }, text), control];
}

/** Name and password. */
export function credentials(id: string): [HTMLInputElement, HTMLInputElement] {
  const password = { type: "password", autocomplete: "current-password" };
  return [
    h("input", { id: `${id}-name`, type: "text", autocomplete: "username", required: true }),
    h("input", { id: `${id}-word`, ...password, required: true }),
  ];
}

/** A number of a drill. */
export function number(
  id: string,
  least: number,
  most: number,
  step: string,
  value: string,
): HTMLInputElement {
  return h("input", {
    ...{ id: `drill-${id}`, type: "number", min: least, max: most, step, value },
    ...{ required: true, inputmode: "decimal" },
  });
}
