/** Writing down what helps after an earthquake; all of it stays on this device. */

import type { Device } from "../../device/device";
import { h, replace } from "../../drawing/dom";
import type { Panel } from "../../drawing/panel";
import {
  contactsOf,
  contactsText,
  type Help,
  sheltersOf,
  sheltersText,
  TEXTS_OF_CARD,
} from "../../person/help";

export class HelpForm implements Panel {
  readonly element = h("section", { class: "card help-form" });
  private drawn = "";

  constructor(private readonly device: Device) {}

  draw(): void {
    const { language, help } = this.device;
    const drawn = JSON.stringify([language, help]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.build(help);
  }

  private build(help: Help): void {
    const { t } = this.device;
    const card = TEXTS_OF_CARD.map((name) =>
      this.field(`help-${name}`, t(`help.${name}`), help[name], false, (typed) => ({
        [name]: typed,
      })),
    );
    const contacts = (typed: string) => ({ contacts: contactsOf(typed) });
    const shelters = (typed: string) => ({ shelters: sheltersOf(typed) });
    replace(
      this.element,
      h("h2", {}, t("help")),
      h("p", { class: "small" }, t("help.about")),
      ...card,
      this.field("help-contacts", t("help.contacts"), contactsText(help.contacts), true, contacts),
      this.field("help-meeting", t("help.meeting"), help.meeting, false, (meeting) => ({
        meeting,
      })),
      this.field("help-shelters", t("help.shelters"), sheltersText(help.shelters), true, shelters),
    );
  }

  private field(
    id: string,
    text: string,
    value: string,
    long: boolean,
    change: (typed: string) => Partial<Help>,
  ): HTMLElement {
    const input = long ? h("textarea", { id, rows: 3 }) : h("input", { id, autocomplete: "off" });
    input.value = value;
    input.addEventListener("change", () => this.keep(change(input.value)));
    return h("div", { class: "field" }, h("label", { for: id }, text), input);
  }

  /** What the person types is there already: built anew, the next field would lose the focus. */
  private keep(change: Partial<Help>): void {
    const { language, help } = this.device;
    this.drawn = JSON.stringify([language, { ...help, ...change }]);
    this.device.chooseHelp(change);
  }
}
