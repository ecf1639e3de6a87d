/** What HOME and AFTER show besides what an alert needs: it comes with the second script. */

import { afterQuake } from "../alert/quake";
import type { Device } from "../device/device";
import { FeltPanel } from "./felt_panel";
import { HelpPanel } from "./help_panel";
import { NowPanel } from "./now_panel";
import type { Panel } from "./panels";
import { ReminderPanel } from "./reminder_panel";
import { drillOf, TookPart } from "./took_part";

export function homePanels(device: Device): Panel[] {
  return [new ReminderPanel(device), new NowPanel(device)];
}

export function afterPanels(device: Device, openSettings: () => void): Panel[] {
  const drill = () => drillOf(afterQuake(device.state));
  return [
    new TookPart(device, "took-part", drill),
    new FeltPanel(device),
    new HelpPanel(device, openSettings),
  ];
}
