/** What the person is doing now: by one touch, for a few hours, and then over by itself. */

import { QUICK, QUICK_MS } from "../../alert/settings";
import type { Device } from "../../device/device";
import { h, setAttribute, setText } from "../../drawing/dom";
import type { Panel } from "../../drawing/panel";

export class NowPanel implements Panel {
  private readonly heading = h("h2", {});
  private readonly about = h("p", { class: "small" });
  private readonly buttons: readonly HTMLButtonElement[];
  readonly element: HTMLElement;

  constructor(private readonly device: Device) {
    this.buttons = QUICK.map((name) =>
      h("button", { type: "button", class: "quiet", onclick: () => this.toggle(name) }),
    );
    const pair = h("div", { class: "pair" }, ...this.buttons);
    this.element = h("section", { class: "card" }, this.heading, pair, this.about);
  }

  draw(): void {
    const { t } = this.device;
    setText(this.heading, t("quick"));
    setText(this.about, t("quick.about"));
    QUICK.forEach((name, i) => {
      const button = this.buttons[i]!;
      setText(button, t(`profile.${name}`));
      setAttribute(button, "aria-pressed", `${this.device.profile() === name}`);
    });
  }

  private toggle(name: (typeof QUICK)[number]): void {
    this.device.touched();
    const on = this.device.profile() === name;
    const quickUntil = Date.now() + QUICK_MS;
    // Who has chosen it for good leaves that, too.
    const left = this.device.settings.profile === name ? { profile: "standard" as const } : {};
    this.device.choose(on ? { quick: null, ...left } : { quick: name, quickUntil });
  }
}
