/** Every message in the order of its issue, each with the time that it took, stage by stage. */

import { h, replace } from "../../core/drawing/dom";
import { CLASSES } from "../../core/words/intensity";
import { seconds } from "../common/figures";
import { classIndex } from "../common/palette";
import type { Words } from "../common/words";
import type { MessageWire } from "../feed/wire";
import { afterFirst, exactTime, messageText } from "./texts";

const SHOWN = 60;

export class Timeline {
  readonly element = h("ol", { class: "timeline", tabindex: 0 });
  private drawn = "";

  constructor(
    private readonly t: Words,
    label: string,
  ) {
    this.element.setAttribute("aria-label", label);
  }

  /** messages: the newest last; it is shown first. */
  draw(messages: readonly MessageWire[]): void {
    const newest = messages[messages.length - 1];
    const key = `${messages.length} ${newest?.id}`;
    if (key === this.drawn) return;
    this.drawn = key;
    const shown = messages.slice(-SHOWN).reverse();
    replace(this.element, ...shown.map((message) => this.item(message)));
  }

  private item(message: MessageWire): HTMLElement {
    const { t } = this;
    const { roman, colour, text } = CLASSES[classIndex(message.intensity)]!;
    const chip = h("span", { class: "class" }, roman);
    chip.style.background = colour;
    chip.style.color = text;
    return h(
      "li",
      { "data-kind": message.kind },
      h("span", { class: "when" }, exactTime(message.issued).slice(0, -4)),
      h("span", { class: "what" }, messageText(message, t)),
      h("span", { class: "size" }, `M ${message.magnitude.toFixed(1)} `, chip),
      h("span", { class: "lags" }, this.lags(message)),
    );
  }

  private lags(message: MessageWire): string {
    const { t } = this;
    const { evaluated, recorded, sent } = message.lags;
    const parts: [Parameters<Words>[0], number | null][] = [
      ["column.after-origin", message.since_origin],
      ["column.after-first", afterFirst(message)],
      ["column.evaluated", evaluated],
      ["column.recorded", recorded],
      ["column.sent", sent],
    ];
    const known = parts.filter(([, value]) => value !== null);
    return known.map(([key, value]) => `${t(key)} ${seconds(t, value)}`).join(" · ");
  }
}
