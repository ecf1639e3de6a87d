/** HOME: it is time for the monthly drill. It begins only when the person wants it to. */

import type { Device } from "../../device/device";
import { h, setText, show } from "../../drawing/dom";
import type { Panel } from "../../drawing/panel";
import { isDue } from "../../person/reminder";

const LATER_MS = 86_400_000;

export class ReminderPanel implements Panel {
  private readonly heading = h("h2", {});
  private readonly about = h("p", {});
  private readonly start = h("button", { type: "button", class: "strong" });
  private readonly later = h("button", { type: "button", class: "quiet" });
  readonly element = h(
    "section",
    { class: "card" },
    this.heading,
    this.about,
    h("div", { class: "pair" }, this.start, this.later),
  );
  private notBefore = 0;

  constructor(private readonly device: Device) {
    this.start.addEventListener("click", () => device.tryDrill());
    this.later.addEventListener("click", () => {
      this.notBefore = Date.now() + LATER_MS;
      this.draw();
    });
  }

  draw(): void {
    const { t, settings, state } = this.device;
    const { monthly } = settings;
    const drill = state.history.find((entry) => entry.mode === "drill" && (entry.told ?? 0) > 0);
    const now = Date.now();
    const due =
      monthly !== null && now >= this.notBefore && isDue(monthly, drill?.received ?? 0, now);
    show(this.element, due && this.device.mayDrill());
    setText(this.heading, t("remind.title"));
    setText(this.about, t("remind.about"));
    setText(this.start, t("try"));
    setText(this.later, t("remind.later"));
  }
}
