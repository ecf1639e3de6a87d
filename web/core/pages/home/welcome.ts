/**
 * The first steps: sound, place, drill. They stand on the home page until they have been taken or
 * left out; an alert covers them as it covers everything.
 */

import type { Device } from "../../device/device";
import { h, setAttribute, setText, show } from "../../drawing/dom";
import { icon } from "../../drawing/icons";
import type { Panel } from "../../drawing/panel";

interface Step {
  row: HTMLElement;
  draw(): void;
  isDone(): boolean;
}

export class Welcome implements Panel {
  readonly element = h("section", { class: "welcome card", hidden: true });
  private readonly title = h("h2", { tabindex: -1 });
  private readonly skip: HTMLButtonElement;
  private readonly steps: readonly Step[];
  private drilled = false;

  constructor(
    private readonly device: Device,
    private readonly openSettings: () => void,
  ) {
    this.skip = button("quiet skip", () => device.endWelcome());
    this.steps = [this.sound(), this.place(), this.drill()];
    const list = h("ol", { class: "steps" }, ...this.steps.map((step) => step.row));
    this.element.append(this.title, list, this.skip);
  }

  draw(): void {
    const focused = document.activeElement as HTMLElement | null;
    const within = this.element.contains(focused);
    if (this.isOver()) return this.device.endWelcome();
    const { t, welcomed } = this.device;
    show(this.element, !welcomed);
    setText(this.title, t("welcome"));
    setText(this.skip, t("welcome.skip"));
    for (const step of this.steps) {
      step.draw();
      setAttribute(step.row, "data-done", step.isDone() ? "" : null);
    }
    if (within && focused?.offsetParent === null) this.goOn();
  }

  private isOver(): boolean {
    return !this.device.welcomed && this.steps.every((step) => step.isDone());
  }

  /** The focus was on a button that is not there any more: on to the next one. */
  private goOn(): void {
    const all = [...this.element.querySelectorAll<HTMLButtonElement>("button")];
    const next = all.find((one) => one.offsetParent !== null && !one.disabled);
    const rest = document.querySelector<HTMLElement>(".status-word");
    (next ?? rest)?.focus({ preventScroll: true });
  }

  private sound(): Step {
    const { device } = this;
    const arm = button("strong", () => device.touched());
    return step("sound", [arm], {
      isDone: () => device.settings.sound === "off" || device.channels().sound === "running",
      name: () => device.t("channel.sound"),
      text: (done) => device.t(done ? "on" : device.canArm() ? "welcome.sound" : "missing"),
      draw: (done) => {
        setText(arm, device.t("arm"));
        show(arm, !done && device.canArm());
      },
    });
  }

  private place(): Step {
    const { device } = this;
    const right = button("strong", () => device.place && device.choosePlace(device.place));
    const other = button("quiet", this.openSettings);
    return step("place", [right, other], {
      isDone: () => device.place !== null && !device.suggested,
      name: () => device.t("place"),
      text: () => device.place?.name ?? device.t("place.none.detail"),
      draw: (done) => {
        const { place, t } = device;
        setText(right, t("welcome.place"));
        show(right, !done && place !== null);
        setText(other, t(place ? "place.change" : "place.choose"));
        setAttribute(other, "class", place ? "quiet" : "strong");
      },
    });
  }

  private drill(): Step {
    const { device } = this;
    const begin = () => {
      this.drilled = true;
      device.tryDrill();
      // The page below an alert is not drawn, and may be closed before it is again.
      if (this.isOver()) device.endWelcome();
    };
    const tryIt = button("strong", begin);
    return step("drill", [tryIt], {
      isDone: () => this.drilled,
      name: () => device.t("history.drill"),
      text: () => device.t("welcome.drill"),
      draw: () => {
        setText(tryIt, device.t("try"));
        tryIt.disabled = !device.mayDrill();
      },
    });
  }
}

function button(kind: string, press: () => void): HTMLButtonElement {
  return h("button", { type: "button", class: kind, onclick: press });
}

interface Part {
  isDone(): boolean;
  name(): string;
  text(done: boolean): string;
  draw(done: boolean): void;
}

function step(kind: string, buttons: readonly HTMLElement[], part: Part): Step {
  const mark = h("span", { class: "mark" }, icon("tick"));
  const name = h("h3", {});
  const text = h("p", { class: "small" });
  const words = h("div", { class: "step-words" }, name, text);
  const row = h(
    "li",
    { class: `step step-${kind}` },
    mark,
    words,
    h("div", { class: "pair" }, ...buttons),
  );
  const draw = () => {
    const done = part.isDone();
    setText(name, part.name());
    setText(text, part.text(done));
    part.draw(done);
  };
  return { row, draw, isDone: () => part.isDone() };
}
