/** The button that begins a drill on this device. */

import type { Device } from "../../device/device";
import { setText } from "../../drawing/dom";

/** The button of the drill: soon after an earthquake it shows why there is none. */
export function drawDrill(button: HTMLButtonElement, device: Device): void {
  const { t, place, table } = device;
  button.disabled = !device.mayDrill();
  setText(button, t(button.disabled && place && table ? "try.wait" : "try"));
}
