/** After a drill: how many took part, counted without names, if the person wants that. */

import type { Quake } from "../../alert/model";
import type { Device } from "../../device/device";
import { h, setText, show } from "../../drawing/dom";
import type { Panel } from "../../drawing/panel";
import { sendDrill } from "../../person/reports";

const MOST = 500;
/** As the page's own drills begin (drill.ts). */
const OWN = "try-";

export function drillOf(quake: Quake | null): string | null {
  return quake?.message.mode === "drill" ? quake.message.id : null;
}

export class TookPart implements Panel {
  private readonly heading = h("h2", {});
  private readonly about = h("p", { class: "small" });
  private readonly label: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly button = h("button", { type: "button", class: "quiet" });
  private readonly said = h("p", { role: "status" });
  readonly element: HTMLElement;
  private counted = "";

  /** id: names the field on its page. drill: id of the drill that has just been; null: none. */
  constructor(
    private readonly device: Device,
    id: string,
    private readonly drill: () => string | null,
  ) {
    this.input = h("input", { id, type: "number", inputmode: "numeric", min: 1, max: MOST });
    this.input.value = "1";
    this.label = h("label", { for: id });
    this.button.addEventListener("click", () => void this.count());
    const field = h("div", { class: "field" }, this.label, this.input);
    const parts = [this.heading, this.about, field, this.button, this.said];
    this.element = h("section", { class: "card" }, ...parts);
  }

  draw(): void {
    const { t } = this.device;
    const drill = this.drill();
    show(this.element, drill !== null);
    if (drill !== this.counted) show(this.button, true);
    setText(this.heading, t("took"));
    setText(this.about, t("took.about"));
    setText(this.label, t("took.people"));
    setText(this.button, t("took.send"));
  }

  private async count(): Promise<void> {
    const drill = this.drill();
    const people = Math.floor(Number(this.input.value));
    if (drill === null) return;
    if (!(people >= 1 && people <= MOST)) return setText(this.said, this.device.t("took.bad"));
    const sent = await sendDrill(drill.startsWith(OWN) ? "own" : drill, people);
    setText(this.said, this.device.t(sent ? "took.sent" : "took.unsent"));
    if (!sent) return;
    this.counted = drill;
    show(this.button, false);
  }
}
