/** SETTINGS: the questions of choices.ts, the place, and what is stored. */

import type { Settings } from "../../alert/settings";
import type { Device } from "../../device/device";
import { h, replace, setText } from "../../drawing/dom";
import type { Panel } from "../../drawing/panel";
import { CheckPanel } from "./check_panel";
import { type Answer, type Choice, choices } from "./choices";
import { ClassDrill } from "./class_drill";
import { HelpForm } from "./help_form";
import { InstallPanel } from "./install_panel";
import { PlacePicker } from "./place_picker";
import { PlacesPanel } from "./places_panel";
import { PushPanel } from "./push_panel";

export class SettingsPage implements Panel {
  readonly element = h("div", { class: "settings" });
  private readonly questions = h("div", { class: "questions" });
  private readonly picker: PlacePicker;
  private readonly places: PlacesPanel | null;
  private readonly help: HelpForm | null;
  private readonly check: CheckPanel | null;
  private readonly drills: ClassDrill | null;
  private readonly install: InstallPanel | null;
  /** A TV is on while it warns. */
  private readonly push: PushPanel | null;
  private drawn = "";

  constructor(
    private readonly device: Device,
    private readonly tv: boolean,
  ) {
    this.picker = new PlacePicker(device, tv);
    this.places = tv ? null : new PlacesPanel(device, this.picker);
    this.check = tv ? null : new CheckPanel(device);
    this.drills = tv ? null : new ClassDrill(device);
    this.install = tv ? null : new InstallPanel(device);
    this.help = tv ? null : new HelpForm(device);
    this.push = tv ? null : new PushPanel(device);
  }

  draw(): void {
    const { settings, language } = this.device;
    this.picker.draw();
    this.places?.draw();
    this.check?.draw();
    this.drills?.draw();
    this.install?.draw();
    this.help?.draw();
    this.push?.draw();
    const drawn = JSON.stringify([settings, language, this.device.scale()]);
    if (drawn === this.drawn) return;
    const isNew = this.drawn === "" || JSON.parse(this.drawn)[1] !== language;
    this.drawn = drawn;
    if (isNew) this.build();
    this.ask();
  }

  private build(): void {
    const { t } = this.device;
    const title = h("h1", { tabindex: -1 }, t("settings"));
    const test = h("button", {
      type: "button",
      class: "quiet",
      onclick: () => this.device.playTest(),
    });
    setText(test, t("set.test"));
    this.picker.build();
    const sensor = h("a", { class: "button quiet", href: "sensor" }, t("sensor.link"));
    const credits = h("p", { class: "small" }, t("credits"));
    replace(
      this.element,
      title,
      this.picker.element,
      this.places?.element ?? null,
      this.check?.element ?? null,
      this.drills?.element ?? null,
      this.questions,
      test,
      this.push?.element ?? null,
      this.install?.element ?? null,
      this.help?.element ?? null,
      this.tv ? null : h("section", { class: "card" }, h("p", {}, t("sensor.about")), sensor),
      this.privacy(),
      credits,
    );
  }

  /** Draws the questions again, and puts the focus back where it was. */
  private ask(): void {
    const { settings, language, t } = this.device;
    const focused = document.activeElement?.id ?? "";
    const asked = choices(settings, language, t, this.tv, this.device.scale());
    replace(
      this.questions,
      ...asked.map((choice) => (this.tv ? this.row(choice) : this.group(choice))),
    );
    if (focused) document.getElementById(focused)?.focus();
  }

  /** Phone: all answers side by side, as radio buttons. */
  private group(choice: Choice): HTMLElement {
    const group = h("fieldset", { class: "card" }, h("legend", {}, choice.question));
    choice.answers.forEach((answer, i) => {
      const id = `${choice.name}-${i}`;
      const pick = () => this.pick(answer, group);
      const input = h("input", {
        type: "radio",
        name: choice.name,
        id,
        checked: answer.chosen,
        onchange: pick,
      });
      group.append(h("label", { for: id }, input, named(answer)));
    });
    return group;
  }

  /** TV: one row, OK goes on to the next answer. */
  private row(choice: Choice): HTMLElement {
    const at = choice.answers.findIndex((answer) => answer.chosen);
    const following = choice.answers[(at + 1) % choice.answers.length] as Answer;
    const id = `choice-${choice.name}`;
    const chosen = choice.answers[at];
    const value = h("span", { class: "value" }, chosen ? named(chosen) : "-");
    const button = h(
      "button",
      { type: "button", id, class: "row" },
      h("span", {}, choice.question),
      value,
    );
    button.addEventListener("click", () => this.pick(following, button));
    return button;
  }

  private pick(answer: Answer, after: HTMLElement): void {
    this.device.touched();
    if (answer.sure === null) return this.device.choose(answer.change);
    const { t } = this.device;
    const undo = () => this.again();
    const yes = () => this.device.choose(answer.change as Partial<Settings>);
    sure(after, answer.sure, [t("yes"), yes], [t("no"), undo]);
  }

  private again(): void {
    this.drawn = JSON.stringify([{}, this.device.language]);
    this.draw();
  }

  private privacy(): HTMLElement {
    const { t } = this.device;
    const stored = h("pre", { class: "stored", tabindex: 0, hidden: true });
    const see = () => {
      const { place, others, help, settings, state } = this.device;
      const all = { place, others, help, settings, history: state.history };
      stored.textContent = JSON.stringify(all, null, 1);
      stored.hidden = !stored.hidden;
    };
    const done = h("p", { role: "status" });
    const remove = h("button", { type: "button", class: "quiet" }, t("set.delete"));
    const forget = () => {
      this.device.forgetEverything();
      this.check?.forget();
      done.textContent = t("set.deleted");
    };
    remove.addEventListener("click", () =>
      sure(remove, t("set.delete.sure"), [t("delete"), forget], [t("keep"), () => {}]),
    );
    const look = h("button", { type: "button", class: "quiet", onclick: see }, t("set.stored"));
    const text = h("p", {}, t("set.privacy.text"));
    return h(
      "section",
      { class: "card" },
      h("h2", {}, t("set.privacy")),
      text,
      look,
      stored,
      remove,
      done,
    );
  }
}

/** Names of languages are each in their own, for the voice that reads them. */
function named({ text, language }: Answer): HTMLElement {
  return h("span", language ? { lang: language } : {}, text);
}

type Way = [text: string, act: () => void];

/** Asks a second time, right below what was pressed. */
function sure(below: HTMLElement, question: string, yes: Way, no: Way): void {
  below.parentElement?.querySelector(".sure")?.remove();
  const box = h(
    "div",
    { class: "sure", role: "group", "aria-label": question },
    h("p", {}, question),
  );
  const way = ([text, act]: Way) => {
    const press = () => {
      box.remove();
      act();
      if (below.isConnected) below.focus();
    };
    return h("button", { type: "button", class: "quiet", onclick: press }, text);
  };
  const keep = way(no);
  box.append(keep, way(yes));
  below.after(box);
  keep.focus();
}
