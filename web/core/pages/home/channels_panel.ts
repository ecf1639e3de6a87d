/** The channels of a warning: screen, sound, speech, vibration, and push. */

import type { Key } from "../../../languages/language";
import type { Device } from "../../device/device";
import { h, replace, setText } from "../../drawing/dom";
import { icon } from "../../drawing/icons";
import type { Panel } from "../../drawing/panel";

interface Channel {
  name: Key;
  works: boolean;
  text: string;
}

/** Shows of every channel what it really does here, with the reason where it does nothing. */
export class ChannelsPanel implements Panel {
  private readonly heading = h("h2", {});
  private readonly list = h("ul", { class: "channels" });
  readonly element: HTMLElement;
  private drawn = "";

  constructor(
    private readonly device: Device,
    private readonly tv: boolean,
  ) {
    this.element = h("section", { class: "card" }, this.heading, this.list);
  }

  draw(): void {
    const { t } = this.device;
    const channels = this.channels();
    setText(this.heading, t(this.tv ? "channels.tv" : "channels"));
    const drawn = JSON.stringify(channels) + t("app");
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    replace(this.list, ...channels.map((channel) => this.row(channel)));
  }

  private row({ name, works, text }: Channel): HTMLElement {
    const shape = h("span", { class: works ? "good" : "not" }, icon(works ? "tick" : "cross"));
    const label = h("span", { class: "channel" }, this.device.t(name));
    return h("li", {}, shape, label, h("span", { class: "small" }, text));
  }

  private channels(): Channel[] {
    const { t, settings } = this.device;
    const { sound, voice, vibration } = this.device.channels();
    const readiness = this.device.readiness();
    const channel = (name: Key, reasons: [boolean, Key][], works: Key = "works"): Channel => {
      const reason = reasons.find(([stops]) => stops);
      return { name, works: !reason, text: t(reason ? reason[1] : works) };
    };
    const soundOff = settings.sound === "off";
    const all = [
      channel("channel.screen", [
        [readiness === "test", "unable"],
        [readiness !== "ready" && readiness !== "silent", readiness],
      ]),
      channel(
        "channel.sound",
        [
          [soundOff, "off"],
          [sound === "missing", "missing"],
          [sound === "interrupted", "interrupted"],
          [sound === "locked", "touch"],
        ],
        this.tv ? "on" : "works.sound",
      ),
      channel("channel.speech", [
        [soundOff || settings.speech !== "on", "off"],
        [!voice, "missing.voice"],
      ]),
      channel("channel.vibration", [
        [!vibration, "missing"],
        [!settings.vibration, "off"],
      ]),
      channel("channel.closed", [[this.device.push.state !== "on", "closed.none"]], "closed.push"),
    ];
    return this.tv ? all.slice(0, 3) : all;
  }
}
