/** Further places: home, work, the place of somebody else; each with a threshold of its own. */

import type { Spot } from "../../alert/model";
import { ALERT_FROM, NOTICE_FROM } from "../../alert/settings";
import type { Device } from "../../device/device";
import { h, replace } from "../../drawing/dom";
import type { Panel } from "../../drawing/panel";
import type { Place } from "../../forecast/forecast";
import { thresholdText } from "./choices";
import type { PlacePicker } from "./place_picker";

const MOST = 8;
const LONGEST_NAME = 24;

export class PlacesPanel implements Panel {
  readonly element = h("section", { class: "card places" });
  private drawn = "";

  constructor(
    private readonly device: Device,
    private readonly picker: PlacePicker,
  ) {}

  draw(): void {
    const { others, language, settings, follow } = this.device;
    // A name is in its field already: built anew, the next field would lose the focus.
    const unnamed = others.map((spot) => [spot.thresholds, spot.elsewhere]);
    const drawn = JSON.stringify([unnamed, language, settings.follow, follow.failed]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.build();
  }

  private build(): void {
    const { t, others } = this.device;
    const add = h("button", { type: "button", class: "quiet" }, t("places.add"));
    const asked = h("p", { role: "status" });
    add.disabled = others.length >= MOST;
    add.addEventListener("click", () => {
      asked.textContent = t("places.adding");
      this.picker.pickFor((place) => this.add(place));
    });
    replace(
      this.element,
      h("h2", {}, t("places")),
      h("p", { class: "small" }, t("places.about")),
      h("ul", { class: "spots" }, ...others.map((spot, i) => this.row(spot, i))),
      add,
      asked,
      this.following(),
    );
  }

  private add(place: Place): void {
    const { noticeFrom, alertFrom } = this.device.settings;
    const spot = { place, thresholds: { noticeFrom, alertFrom } };
    this.device.chooseOthers([...this.device.others, this.named(spot, place.name)]);
  }

  private row(spot: Spot, i: number): HTMLElement {
    const { t } = this.device;
    const name = h("input", { id: `spot-${i}`, value: spot.place.name, maxlength: LONGEST_NAME });
    name.addEventListener("change", () => {
      this.change(i, (one) => this.named(one, name.value));
      name.value = this.device.others[i]?.place.name ?? "";
    });
    const whose = this.select(i, "whose", t("places.whose"), [
      [t("places.mine"), !spot.elsewhere, () => this.change(i, own)],
      [
        t("places.elsewhere"),
        !!spot.elsewhere,
        () => this.change(i, (one) => ({ ...one, elsewhere: true })),
      ],
    ]);
    const remove = h("button", { type: "button", class: "quiet" }, t("places.remove"));
    remove.addEventListener("click", () => {
      this.device.chooseOthers(this.device.others.filter((_, k) => k !== i));
      this.element.querySelector<HTMLElement>("button")?.focus();
    });
    const label = h("label", { for: name.id }, t("places.name"));
    return h("li", {}, label, name, whose, this.threshold(spot, i), remove);
  }

  /** From when the place is warned for, or told of. */
  private threshold(spot: Spot, i: number): HTMLElement {
    const { t } = this.device;
    const scale = this.device.scale();
    const { alertFrom, noticeFrom } = spot.thresholds;
    if (spot.elsewhere) {
      const levels = NOTICE_FROM.filter((mmi): mmi is 3.5 | 4 => mmi !== null);
      const told = [...levels, 5, 6].map((mmi): Option => {
        const thresholds = { noticeFrom: mmi, alertFrom };
        const pick = () => this.change(i, (one) => ({ ...one, thresholds }));
        return [thresholdText(mmi, t, scale), mmi === noticeFrom, pick];
      });
      return this.select(i, "from", t("places.from"), told);
    }
    const warned = ALERT_FROM.map((mmi): Option => {
      const thresholds = { noticeFrom, alertFrom: mmi };
      const pick = () => this.change(i, (one) => ({ ...one, thresholds }));
      return [thresholdText(mmi, t, scale), mmi === alertFrom, pick];
    });
    return this.select(i, "from", t("set.alert"), warned);
  }

  private select(i: number, name: string, text: string, options: Option[]): HTMLElement {
    const id = `spot-${i}-${name}`;
    const list = h("select", { id });
    for (const [label, selected] of options) list.append(h("option", { selected }, label));
    list.addEventListener("change", () => options[list.selectedIndex]?.[2]());
    return h("div", {}, h("label", { for: id }, text), list);
  }

  private following(): HTMLElement {
    const { t, settings, follow } = this.device;
    const input = h("input", { type: "checkbox", id: "follow", checked: settings.follow });
    input.addEventListener("change", () => this.device.choose({ follow: input.checked }));
    const failed = settings.follow && follow.failed;
    const label = h("label", { for: "follow" }, input, h("span", {}, t("places.follow")));
    return h(
      "div",
      { class: "follow" },
      label,
      h("p", { class: "small" }, t(failed ? "set.place.gps.fail" : "places.follow.about")),
    );
  }

  /** Names tell places apart: an empty one, or one that is there already, is not taken. */
  private named(spot: Spot, typed: string): Spot {
    const { place, others } = this.device;
    const taken = [place?.name, ...others.filter((one) => one !== spot).map((o) => o.place.name)];
    const wanted = typed.trim().slice(0, LONGEST_NAME) || spot.place.name;
    let name = wanted;
    for (let n = 2; taken.includes(name); n += 1) name = `${wanted} ${n}`;
    return { ...spot, place: { ...spot.place, name } };
  }

  private change(i: number, changed: (spot: Spot) => Spot): void {
    this.device.touched();
    const focused = document.activeElement?.id ?? "";
    const others = this.device.others.map((one, k) => (k === i ? changed(one) : one));
    this.device.chooseOthers(others);
    if (focused) document.getElementById(focused)?.focus();
  }
}

type Option = [label: string, selected: boolean, pick: () => void];

function own({ place, thresholds }: Spot): Spot {
  return { place, thresholds };
}
