/** Whether this device would warn now, and what the person can do about it. */

import { localeOf } from "../../../languages/numerals";
import type { Readiness } from "../../alert/readiness";
import type { Device } from "../../device/device";
import { h, replace, setAttribute, setText, show } from "../../drawing/dom";
import { icon } from "../../drawing/icons";
import type { Panel } from "../../drawing/panel";
import { whyUnable } from "../../stream/server";
import { clockText } from "../../words/facts";
import type { Shape } from "../../words/shape";

const DATE = { year: "numeric", month: "short", day: "numeric" } as const;
const DATE_AND_TIME = { ...DATE, hour: "2-digit", minute: "2-digit" } as const;

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
