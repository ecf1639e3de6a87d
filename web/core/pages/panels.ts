/** The parts of the home page that show whether this device will warn: status, place, channels. */

import type { Key } from "../../languages/language";
import { localeOf } from "../../languages/numerals";
import type { Readiness } from "../alert/readiness";
import type { Device } from "../device/device";
import { h, replace, setAttribute, setText, show } from "../drawing/dom";
import { icon } from "../drawing/icons";
import { whyUnable } from "../stream/server";
import { clockText } from "../words/facts";
import type { Shape } from "../words/shape";

const DATE = { year: "numeric", month: "short", day: "numeric" } as const;
const DATE_AND_TIME = { ...DATE, hour: "2-digit", minute: "2-digit" } as const;

export interface Panel {
  readonly element: HTMLElement;
  draw(): void;
}

/** The connection alone; whether the page would warn is its readiness. */
type Link = "ready" | "lost" | "connecting";

function linkOf(of: Readiness): Link {
  if (of === "reconnecting") return "connecting";
  return of === "connecting" || of === "lost" ? of : "ready";
}

const SHAPES: Readonly<Record<Readiness, Shape>> = {
  ...{ ready: "tick", connecting: "circle", reconnecting: "circle", drills: "circle" },
  ...{ lost: "cross", untrusted: "cross", test: "cross", unable: "cross", placeless: "cross" },
  ...{ clock: "triangle", silent: "triangle" },
};

export class StatusPanel implements Panel {
  private readonly shape = h("span", { class: "shape" });
  private readonly word = h("h1", { class: "status-word", tabindex: -1 });
  private readonly detail = h("p", { class: "status-detail" });
  /** The one thing that the person can do about it here. */
  private readonly button: HTMLButtonElement;
  readonly element: HTMLElement;

  constructor(private readonly device: Device) {
    this.button = h("button", { type: "button", class: "strong", onclick: () => device.touched() });
    const words = [this.word, this.detail, this.button];
    this.element = h("section", { class: "status" }, this.shape, ...words);
  }

  draw(): void {
    const readiness = this.device.readiness();
    if (this.element.getAttribute("data-ready") !== readiness) {
      replace(this.shape, icon(SHAPES[readiness]));
    }
    setAttribute(this.element, "data-link", linkOf(readiness));
    setAttribute(this.element, "data-ready", readiness);
    setText(this.word, this.device.t(readiness));
    setText(this.detail, detailOf(this.device, readiness));
    setText(this.button, this.device.t("arm"));
    show(this.button, this.device.welcomed && this.device.canArm());
  }
}

/** What follows for the person from whether the device would receive an alert. */
export function detailOf(device: Device, readiness: Readiness): string {
  const { t, state, language } = device;
  const date = (time: number) => new Date(time).toLocaleDateString(localeOf(language), DATE);
  const time = (at: number) => new Date(at).toLocaleString(localeOf(language), DATE_AND_TIME);
  switch (readiness) {
    case "ready":
      return t("connected", { time: t.digits(clockText(state.heartbeatAt ?? 0)) });
    case "untrusted":
      return t(`untrusted.${state.untrusted?.why ?? "key"}`);
    case "placeless":
      return t("place.none.detail");
    case "unable":
      return state.server ? t(whyUnable(state.server)) : "";
    case "silent":
      return t(`silent.${device.channels().sound as "locked"}`);
    case "clock":
      return t("clock.detail", { device: time(Date.now()), service: time(device.now()) });
    case "drills":
      if (state.server?.state === "drill") return t("drills.server");
      return t("drills.detail", {
        device: date(Date.now()),
        service: date(device.now()),
      });
    default:
      return t(`${readiness}.detail`);
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

/** The button of the drill: soon after an earthquake it shows why there is none. */
export function drawDrill(button: HTMLButtonElement, device: Device): void {
  const { t, place, table } = device;
  button.disabled = !device.mayDrill();
  setText(button, t(button.disabled && place && table ? "try.wait" : "try"));
}
