/** What HOME and AFTER show besides what an alert needs: it comes with the second script. */

import { afterQuake } from "../core/alert/quake";
import type { Device } from "../core/device/device";
import type { Panel } from "../core/drawing/panel";
import { FeltPanel } from "../core/pages/after/felt_panel";
import { HelpPanel } from "../core/pages/after/help_panel";
import { drillOf, TookPart } from "../core/pages/after/took_part";
import { NowPanel } from "../core/pages/home/now_panel";
import { ReminderPanel } from "../core/pages/home/reminder_panel";

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
