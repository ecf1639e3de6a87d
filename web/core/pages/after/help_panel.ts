/** AFTER: the person's own contacts, meeting point, shelters and emergency card. No network needed. */

import type { Device } from "../../device/device";
import { h, replace } from "../../drawing/dom";
import { drawTable } from "../../drawing/facts_table";
import type { Panel } from "../../drawing/panel";
import { distanceKm } from "../../forecast/distance";
import { nearest, type Shelter, smsAddress, TEXTS_OF_CARD } from "../../person/help";
import { direction } from "../../words/facts";

const MOST_SHELTERS = 3;

export class HelpPanel implements Panel {
  readonly element = h("section", { class: "card help" });
  private drawn: unknown[] = [];

  constructor(
    private readonly device: Device,
    private readonly write: () => void,
  ) {}

  draw(): void {
    const { language, help, place } = this.device;
    const drawn = [language, help, place];
    if (drawn.every((one, i) => one === this.drawn[i])) return;
    this.drawn = drawn;
    this.build();
  }

  private build(): void {
    const { t, help } = this.device;
    const rows = TEXTS_OF_CARD.filter((name) => help[name] !== "").map(
      (name) => [t(`help.${name}`), help[name]] as const,
    );
    const table = h("table", { class: "facts", role: "table" });
    drawTable(table, rows);
    const empty = rows.length + help.contacts.length + help.shelters.length === 0 && !help.meeting;
    const edit = h("button", { type: "button", class: "quiet", onclick: () => this.write() });
    edit.textContent = t(empty ? "help.write" : "help.change");
    replace(
      this.element,
      h("h2", {}, t("help")),
      empty ? h("p", { class: "small" }, t("help.none")) : null,
      rows.length > 0 ? table : null,
      this.contacts(),
      help.meeting ? this.line("help.meeting.short", help.meeting) : null,
      this.shelters(),
      edit,
    );
  }

  private line(name: "help.meeting.short", text: string): HTMLElement {
    return h("p", {}, h("strong", {}, `${this.device.t(name)}: `), text);
  }

  private contacts(): HTMLElement | null {
    const { t, help } = this.device;
    if (help.contacts.length === 0) return null;
    const row = ({ name, phone }: (typeof help.contacts)[number]) => {
      const call = phone.replace(/[^+\d]/g, "");
      const text = t("after.ok.text");
      const links = [
        h("a", { class: "button quiet", href: `tel:${call}` }, t("help.call")),
        h(
          "a",
          { class: "button quiet", href: smsAddress([{ name, phone }], text) },
          t("help.text"),
        ),
      ];
      return h("li", {}, h("span", {}, name || phone), ...(call ? links : []));
    };
    return h("ul", { class: "contacts" }, ...help.contacts.map(row));
  }

  private shelters(): HTMLElement | null {
    const { t, help, place } = this.device;
    if (help.shelters.length === 0) return null;
    const where = ({ point }: Shelter) => {
      if (!point || !place) return "";
      const km = distanceKm(place, point).toFixed(1);
      return ` · ${t("from.here", { km, direction: direction(place, point, t) })}`;
    };
    const rows = nearest(help.shelters, place).slice(0, MOST_SHELTERS);
    return h(
      "div",
      {},
      h("h3", {}, t("help.shelters.short")),
      h("ol", {}, ...rows.map((one) => h("li", {}, `${one.name}${where(one)}`))),
    );
  }
}
