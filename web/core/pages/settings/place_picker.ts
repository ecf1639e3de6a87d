/** Choosing the place: by its name, by touching the map, by numbers, or by asking the device once. */

import type { Device } from "../../device/device";
import { h, replace, setText, show } from "../../drawing/dom";
import { QuakeMap } from "../../drawing/map";
import type { Place } from "../../forecast/forecast";
import { ground } from "../../map/ground";
import { nameIn } from "../../map/towns";
import { findTowns, isLatin, isPoint, type Town, townPlace } from "../../person/place";

const ZOOMS_KM = [20, 60, 200, 600, 2000, 6000];
const NEAR = 2;
const WORLD = 5;

export class PlacePicker {
  readonly element = h("section", { class: "card picker" });
  private readonly map: QuakeMap;
  private readonly now = h("p", { class: "place-name" });
  private readonly error = h("p", { role: "alert", class: "error", hidden: true });
  private into: ((place: Place) => void) | null = null;
  /** Index of ZOOMS_KM; null until it is known whether there is a place. */
  private chosenZoom: number | null = null;

  constructor(
    private readonly device: Device,
    private readonly tv: boolean,
  ) {
    this.map = new QuakeMap(() => device.language, tv ? 22 : 12);
    if (!tv) this.map.canvas.addEventListener("click", (event) => this.pin(event));
  }

  build(): void {
    const { t } = this.device;
    replace(
      this.element,
      h("h2", {}, t("place")),
      this.now,
      this.search(),
      this.tv ? null : this.pinning(),
      this.tv ? null : this.numbers(),
      this.error,
      h("p", { class: "small" }, t("place.kept")),
    );
  }

  draw(): void {
    const { t, place, table } = this.device;
    setText(this.now, place?.name ?? t("place.none"));
    if (this.tv) return;
    const radiusKm = ZOOMS_KM[this.zoom] as number;
    this.map.draw({ place, source: null, radiusKm }, table, this.device.now(), t("map.place"));
  }

  private get zoom(): number {
    return this.chosenZoom ?? (this.device.place ? NEAR : WORLD);
  }

  private set zoom(index: number) {
    this.chosenZoom = Math.min(WORLD, Math.max(0, index));
  }

  /** The next choice is given to `take` instead of becoming the place of this device. */
  pickFor(take: (place: Place) => void): void {
    this.into = take;
    this.element.querySelector("input")?.focus();
  }

  private choose(place: Place): void {
    show(this.error, false);
    this.device.touched();
    const take = this.into ?? ((chosen: Place) => this.device.choosePlace(chosen));
    this.into = null;
    take(place);
  }

  private fail(text: string): void {
    setText(this.error, text);
    show(this.error, true);
  }

  private search(): HTMLElement {
    const { t } = this.device;
    const list = h("ul", { class: "towns" });
    const input = h("input", {
      type: "search",
      id: "town",
      autocomplete: "off",
      "aria-describedby": "town-hint",
    });
    const search = async () => {
      const typed = input.value;
      this.offer(list, findTowns(ground.known(), typed), input);
      const world = await (isLatin(typed) ? this.device.towns() : ground.named());
      if (input.value === typed)
        this.offer(list, findTowns([...ground.known(), ...world], typed), input);
    };
    input.addEventListener("input", () => void search());
    input.addEventListener("keydown", (event) => this.onKey(event, list, input));
    list.addEventListener("keydown", (event) => this.onKey(event, list, input));
    const label = h("label", { for: "town" }, t("set.place.search"));
    return h(
      "div",
      { class: "search" },
      label,
      input,
      h("p", { id: "town-hint", class: "small" }, t("set.place.hint")),
      list,
    );
  }

  /** Arrows go through the towns that are offered, and Enter in the field takes the first one. */
  private onKey(event: KeyboardEvent, list: HTMLElement, input: HTMLElement): void {
    const offered = Array.from(list.querySelectorAll("button"));
    const at = offered.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (to !== undefined && offered.length > 0) (offered[to] ?? (to < 0 ? input : null))?.focus();
    else if (event.key === "Enter" && at < 0) offered[0]?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private offer(list: HTMLElement, towns: Town[], input: HTMLInputElement): void {
    const button = (town: Town) => {
      const shown = nameIn(this.device.language, town);
      const pick = () => {
        this.choose(townPlace(town, shown));
        this.zoom = NEAR;
        input.value = "";
        replace(list);
        input.focus();
      };
      return h("li", {}, h("button", { type: "button", onclick: pick }, `${shown}, ${town[4]}`));
    };
    replace(list, ...towns.map(button));
  }

  private pinning(): HTMLElement {
    const { t } = this.device;
    const zoom = (step: number) => () => {
      this.zoom += step;
      this.draw();
    };
    const closer = h(
      "button",
      { type: "button", class: "quiet", onclick: zoom(-1) },
      t("set.zoom.in"),
    );
    const wider = h(
      "button",
      { type: "button", class: "quiet", onclick: zoom(1) },
      t("set.zoom.out"),
    );
    const buttons = h("div", { class: "pair" }, closer, wider);
    return h("div", {}, h("p", {}, t("set.place.pin")), this.map.canvas, buttons);
  }

  private pin(event: MouseEvent): void {
    const point = this.map.pointAt(event.offsetX, event.offsetY);
    if (!point) return;
    const accuracyKm = Math.max(1, (ZOOMS_KM[this.zoom] as number) / 50);
    this.choose({ ...point, name: this.device.t("set.place.pinned"), accuracyKm });
    this.zoom -= 1;
    this.draw();
  }

  private numbers(): HTMLElement {
    const { t } = this.device;
    const lat = h("input", { id: "lat", inputmode: "decimal", size: 8 });
    const lon = h("input", { id: "lon", inputmode: "decimal", size: 8 });
    const use = () => {
      const [y, x] = [Number(lat.value.replace(",", ".")), Number(lon.value.replace(",", "."))];
      if (lat.value === "" || lon.value === "" || !isPoint(y, x))
        return this.fail(t("set.place.bad"));
      this.choose({ name: `${y.toFixed(2)}, ${x.toFixed(2)}`, lat: y, lon: x, accuracyKm: 1 });
    };
    const field = (input: HTMLInputElement, text: string) =>
      h("div", {}, h("label", { for: input.id }, text), input);
    const pair = h(
      "div",
      { class: "pair" },
      field(lat, t("set.place.lat")),
      field(lon, t("set.place.lon")),
    );
    const button = h(
      "button",
      { type: "button", class: "quiet", onclick: use },
      t("set.place.use"),
    );
    return h("div", {}, pair, h("div", { class: "pair" }, button, this.locate()));
  }

  /** Asks the device once; browsers answer this only on a secure connection. */
  private locate(): HTMLElement {
    const { t } = this.device;
    const found = ({ coords }: GeolocationPosition) => {
      const { latitude: lat, longitude: lon, accuracy } = coords;
      this.choose({
        name: `${lat.toFixed(2)}, ${lon.toFixed(2)}`,
        lat,
        lon,
        accuracyKm: accuracy / 1000,
      });
    };
    const ask = () => {
      if (!navigator.geolocation) return this.fail(t("set.place.gps.fail"));
      navigator.geolocation.getCurrentPosition(found, () => this.fail(t("set.place.gps.fail")));
    };
    return h("button", { type: "button", class: "quiet", onclick: ask }, t("set.place.gps"));
  }
}
