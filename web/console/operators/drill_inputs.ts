/** Where and how strong a drill is, and whether it is night there. */

import { h, setText, show } from "../../core/drawing/dom";
import type { Words } from "../common/words";
import type { Board } from "../feed/board";
import { fit } from "../map/map_view";
import type { Subject } from "./action_form";
import { labelled, number } from "./fields";
import { drillFields, isNight, solarTime } from "./proposal";

export class DrillInputs implements Subject {
  readonly inputs: readonly HTMLElement[];
  private readonly lat = number("lat", -85, 85, "any", "");
  private readonly lon = number("lon", -180, 180, "any", "");
  private readonly seconds = number("seconds", 0, 120, "1", "20");
  private readonly magnitude = number("magnitude", 4, 9, "0.1", "7.3");
  private readonly night = h("p", { class: "night" });

  constructor(
    private readonly t: Words,
    private readonly board: Board,
    private readonly changed: () => void,
  ) {
    const { lat, lon, seconds, magnitude } = this;
    for (const input of [lat, lon, seconds, magnitude])
      input.addEventListener("input", () => changed());
    const middle = () => this.chooseMiddle();
    this.inputs = [
      ...labelled(t("send.lat"), lat),
      ...labelled(t("send.lon"), lon),
      h("button", { type: "button", onclick: middle }, t("send.middle")),
      ...labelled(t("send.seconds"), seconds),
      ...labelled(t("send.magnitude"), magnitude),
      this.night,
    ];
  }

  /** now: server ms. */
  draw(now: number): void {
    const lon = Number(this.lon.value);
    const time = solarTime(Number.isFinite(lon) ? lon : 0, now);
    setText(this.night, this.t("send.night", { time }));
    show(this.night, this.lon.value !== "" && isNight(time));
  }

  fields(): object | null {
    const { lat, lon, seconds, magnitude } = this;
    return drillFields({
      ...{ lat: lat.value, lon: lon.value },
      ...{ seconds: seconds.value, magnitude: magnitude.value },
    });
  }

  /** The middle of the network. */
  private chooseMiddle(): void {
    const { centre } = fit(this.board.stations);
    this.lat.value = centre.lat.toFixed(2);
    this.lon.value = centre.lon.toFixed(2);
    this.changed();
  }
}
