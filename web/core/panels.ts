/** The parts of the home page that tell whether this device will warn: status, place, channels. */

import type { Device } from "./device";
import { h, replace, setAttribute, setText, show } from "./dom";
import { clockText } from "./facts";
import { icon } from "./icons";
import type { Key } from "./language";

export interface Panel {
  readonly element: HTMLElement;
  draw(): void;
}

type Link = "ready" | "lost" | "connecting";

function linkOf(device: Device): Link {
  if (device.state.heartbeatAt === null) return "connecting";
  return device.state.lost ? "lost" : "ready";
}

export class StatusPanel implements Panel {
  private readonly shape = h("span", { class: "shape" });
  private readonly word = h("h1", { class: "status-word", tabindex: -1 });
  private readonly detail = h("p", { class: "status-detail" });
  readonly element = h("section", { class: "status" }, this.shape, this.word, this.detail);

  constructor(private readonly device: Device) {}

  draw(): void {
    const { t, state } = this.device;
    const link = linkOf(this.device);
    if (this.element.getAttribute("data-link") !== link) {
      replace(this.shape, icon(link === "ready" ? "tick" : link === "lost" ? "cross" : "circle"));
    }
    setAttribute(this.element, "data-link", link);
    setText(this.word, t(link));
    const time = clockText(state.heartbeatAt ?? 0);
    setText(this.detail, link === "ready" ? t("connected", { time }) : t(`${link}.detail`));
  }
}

export class PlacePanel implements Panel {
  private readonly heading = h("h2", {});
  private readonly name = h("p", { class: "place-name" });
  private readonly detail = h("p", { class: "small" });
  private readonly button: HTMLButtonElement;
  readonly element: HTMLElement;

  constructor(
    private readonly device: Device,
    change: () => void,
  ) {
    this.button = h("button", { type: "button", class: "quiet", onclick: change });
    const words = h("div", {}, this.heading, this.name, this.detail);
    this.element = h("section", { class: "card place" }, words, this.button);
  }

  draw(): void {
    const { t, place, suggested } = this.device;
    setText(this.heading, t("place"));
    setText(this.name, place?.name ?? t("place.none"));
    const kept = t(suggested ? "place.suggested" : "place.kept");
    setText(this.detail, place ? kept : t("place.none.detail"));
    setText(this.button, t(place ? "place.change" : "place.choose"));
    setAttribute(this.element, "data-missing", place ? null : "");
  }
}

interface Channel {
  name: Key;
  works: boolean;
  text: string;
}

/** Says of every channel what it really does here, with the reason where it does nothing. */
export class ChannelsPanel implements Panel {
  private readonly heading = h("h2", {});
  private readonly list = h("ul", { class: "channels" });
  private readonly arm: HTMLButtonElement;
  readonly element: HTMLElement;
  private drawn = "";

  constructor(
    private readonly device: Device,
    private readonly tv: boolean,
  ) {
    const turnOn = () => {
      device.touched();
      setTimeout(() => this.draw(), 100);
    };
    this.arm = h("button", { type: "button", class: "strong", onclick: turnOn });
    this.element = h("section", { class: "card" }, this.heading, this.list, this.arm);
  }

  draw(): void {
    const { t } = this.device;
    const channels = this.channels();
    setText(this.heading, t(this.tv ? "channels.tv" : "channels"));
    show(this.arm, !this.device.channels().armed && this.device.settings.sound !== "off");
    setText(this.arm, t("arm"));
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
    const { t, settings, state } = this.device;
    const { armed, voice, vibration } = this.device.channels();
    const channel = (name: Key, reasons: [boolean, Key][]): Channel => {
      const reason = reasons.find(([stops]) => stops);
      return { name, works: !reason, text: t(reason ? reason[1] : "works") };
    };
    const soundOff = settings.sound === "off";
    const all = [
      channel("channel.screen", [[state.lost || state.heartbeatAt === null, "lost"]]),
      channel("channel.sound", [
        [soundOff, "off"],
        [!armed, "touch"],
      ]),
      channel("channel.speech", [
        [soundOff || settings.speech !== "on", "off"],
        [!voice, "missing.voice"],
      ]),
      channel("channel.vibration", [
        [!vibration, "missing"],
        [!settings.vibration, "off"],
      ]),
      channel("channel.closed", [[true, "closed.none"]]),
    ];
    return this.tv ? all.slice(0, 3) : all;
  }
}
