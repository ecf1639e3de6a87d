/**
 * The self-check: each channel is tried for real. What a page cannot know (whether a sound was heard)
 * the person answers; what can be measured is.
 */

import type { Device } from "../../device/device";
import { h, replace, setText, show } from "../../drawing/dom";
import { icon } from "../../drawing/icons";
import type { Panel } from "../../drawing/panel";
import { CHECKS, type Check, loadResults, type Result, saveResults } from "../../person/checked";
import { dateText } from "../../words/facts";

/** Above this a countdown could not be right. */
const CLOCK_S = 2;

export class CheckPanel implements Panel {
  readonly element = h("section", { class: "card check" });
  private readonly said = h("p", { role: "status" });
  private readonly question = h("div", { class: "sure", hidden: true });
  private results = loadResults();
  private busy = false;
  private drawn = "";

  constructor(private readonly device: Device) {}

  draw(): void {
    const { language, push } = this.device;
    const drawn = JSON.stringify([language, this.results, push.state, this.busy]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.build();
  }

  /** Nothing of it is left. */
  forget(): void {
    this.results = {};
  }

  private build(): void {
    const { t } = this.device;
    const all = h("button", { type: "button", class: "strong", id: "check-all" }, t("check.run"));
    all.addEventListener("click", () => void this.run());
    const focused = document.activeElement?.id ?? "";
    replace(
      this.element,
      h("h2", {}, t("check")),
      h("p", { class: "small" }, t("check.about")),
      h("ul", { class: "channels" }, ...CHECKS.map((name) => this.row(name))),
      all,
      this.question,
      this.said,
    );
    if (focused) document.getElementById(focused)?.focus();
  }

  private row(name: Check): HTMLElement {
    const { t } = this.device;
    const result = this.results[name];
    const shape = h("span", { class: result?.works ? "good" : "not" });
    if (result) shape.append(icon(result.works ? "tick" : "cross"));
    const label = h("span", { class: "channel" }, t(`check.${name}`));
    return h("li", {}, shape, label, h("span", { class: "small" }, this.text(name, result)));
  }

  private text(name: Check, result: Result | undefined): string {
    const { t, language } = this.device;
    if (!result) return t("check.never");
    const date = dateText(result.at, language);
    if (result.took !== undefined && result.works)
      return t("check.took", { n: (result.took / 1000).toFixed(1), date });
    const fails =
      name === "push" && this.device.push.state !== "on" ? "check.push.off" : "check.fails";
    return t(result.works ? "check.works" : fails, { date });
  }

  /** One after the other; what needs an answer waits for it. */
  private async run(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.device.touched();
    this.note("connection", this.device.state.heartbeatAt !== null && !this.isCutOff());
    this.note("clock", this.device.clockError() <= CLOCK_S);
    this.note("screen", "wakeLock" in navigator);
    const { sound, vibration } = this.device.channels();
    this.device.playTest();
    this.note("sound", sound === "running" && (await this.asks("check.sound.ask")));
    if (vibration) this.device.testVibration();
    this.note("vibration", vibration && (await this.asks("check.vibration.ask")));
    await this.push();
    this.busy = false;
    setText(this.said, this.device.t("check.done"));
    this.device.touched();
    this.draw();
  }

  private isCutOff(): boolean {
    const { lost, closed } = this.device.state;
    return lost || closed;
  }

  /** There and back: by the push service to this device. */
  private async push(): Promise<void> {
    if (this.device.push.state !== "on") return this.note("push", false);
    setText(this.said, this.device.t("check.push.wait"));
    const took = await this.device.push.test();
    this.note("push", took !== null, took ?? undefined);
  }

  private note(name: Check, works: boolean, took?: number): void {
    const result = { works, at: Date.now(), ...(took !== undefined && { took }) };
    this.results = { ...this.results, [name]: result };
    saveResults(this.results);
    this.draw();
  }

  private asks(key: "check.sound.ask" | "check.vibration.ask"): Promise<boolean> {
    const { t } = this.device;
    return new Promise((resolve) => {
      const way = (text: string, answer: boolean) => {
        const press = () => {
          show(this.question, false);
          document.getElementById("check-all")?.focus();
          resolve(answer);
        };
        return h("button", { type: "button", class: "quiet", onclick: press }, text);
      };
      const yes = way(t("check.yes"), true);
      replace(this.question, h("p", {}, t(key)), yes, way(t("check.no"), false));
      show(this.question, true);
      yes.focus();
    });
  }
}
