/** Puts the page on the Home Screen: by the browser where it offers that, else it says how. */

import { offer } from "../../background/install";
import type { Device } from "../../device/device";
import { h, setText, show } from "../../drawing/dom";
import type { Panel } from "../../drawing/panel";

export class InstallPanel implements Panel {
  private readonly heading = h("h2", {});
  private readonly about = h("p", {});
  private readonly button = h("button", { type: "button", class: "quiet" });
  readonly element = h("section", { class: "card" }, this.heading, this.about, this.button);

  constructor(private readonly device: Device) {
    this.button.addEventListener("click", () => void offer()?.prompt());
  }

  draw(): void {
    const { t } = this.device;
    const apple = isApple();
    show(this.element, !isInstalled() && (offer() !== null || apple));
    show(this.button, offer() !== null);
    setText(this.heading, t("install"));
    setText(this.about, t(apple ? "install.apple" : "install.about"));
    setText(this.button, t("install.now"));
  }
}

function isInstalled(): boolean {
  const apple = (navigator as { standalone?: boolean }).standalone === true;
  return apple || matchMedia("(display-mode: standalone)").matches;
}

/** Only Apple's phones and tablets have no prompt, and need the Home Screen for notifications. */
function isApple(): boolean {
  const touch = navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1;
  return touch || /iPhone|iPad|iPod/.test(navigator.userAgent);
}
