/** Turns on and off the warnings while the page is closed, and says what they are worth. */

import type { Device } from "../../device/device";
import { h, setAttribute, setText } from "../../drawing/dom";
import type { Panel } from "../../drawing/panel";

export class PushPanel implements Panel {
  private readonly heading = h("h2", {});
  private readonly about = h("p", { id: "push-about" });
  private readonly privacy = h("p", { class: "small" });
  private readonly state = h("p", { role: "status" });
  private readonly button: HTMLButtonElement;
  readonly element: HTMLElement;

  constructor(private readonly device: Device) {
    const press = () => this.press();
    const described = { "aria-describedby": "push-about" };
    this.button = h("button", { type: "button", class: "quiet", onclick: press, ...described });
    const { heading, about, privacy, state, button } = this;
    this.element = h("section", { class: "card" }, heading, about, privacy, state, button);
  }

  draw(): void {
    const { t, push } = this.device;
    setText(this.heading, t("push.title"));
    setText(this.about, t("push.about"));
    setText(this.privacy, t("push.privacy"));
    setText(this.state, t(`push.${push.state}`));
    setText(this.button, t(push.state === "on" ? "push.turn.off" : "push.turn.on"));
    // Not disabled while it works: a control that loses the focus loses its reader.
    setAttribute(this.button, "aria-busy", push.busy ? "true" : null);
    this.button.hidden = push.state === "unsupported";
  }

  private press(): void {
    const { push } = this.device;
    this.device.touched();
    void (push.state === "on" ? push.turnOff() : push.turnOn(this.device.facts()));
  }
}
