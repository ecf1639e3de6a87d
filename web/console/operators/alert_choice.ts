/** Which of the alerts in force is to be cancelled. */

import { h, replace } from "../../core/drawing/dom";
import type { Words } from "../common/words";
import type { Subject } from "./action_form";
import { labelled } from "./fields";
import type { AlertInForce, OperatorState } from "./operator";

export class AlertChoice implements Subject {
  readonly inputs: readonly HTMLElement[];
  private readonly which = h("select", { id: "which-cancel" });
  /** The chosen alert has ended: none takes its place until somebody chooses. */
  private lost = false;

  constructor(private readonly t: Words) {
    this.which.addEventListener("change", () => {
      this.lost = false;
    });
    this.inputs = labelled(t("send.which"), this.which);
  }

  /** A drill that is running is ended, not cancelled. */
  draw(state: OperatorState | null): void {
    const before = this.which.value;
    const alerts = (state?.alerts ?? []).filter(({ event }) => event !== state?.drill);
    const options = alerts.map((alert) => h("option", { value: alert.event }, alertText(alert)));
    const none = h("option", { value: "" }, this.t("send.no-alert"));
    replace(this.which, ...(options.length ? options : [none]));
    if (alerts.some(({ event }) => event === before)) this.which.value = before;
    else if (before !== "") this.lost = true;
    this.lost &&= options.length > 0;
    if (this.lost) this.which.selectedIndex = -1;
  }

  fields(): object | null {
    return this.which.value === "" ? null : { event: this.which.value };
  }
}

function alertText({ event, magnitude, lat, lon, mode }: AlertInForce): string {
  return `M ${magnitude.toFixed(1)}, ${lat}, ${lon}, ${mode}, ${event}`;
}
