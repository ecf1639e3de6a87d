/** The form in which an operator proposes an action: about what, to how many devices, by a typed word. */

import { h, setText } from "../../core/drawing/dom";
import type { Key, Words } from "../common/words";
import { labelled } from "./fields";
import { preview } from "./preview";
import { type Action, isTyped } from "./proposal";

/** What the action is about. */
export interface Subject {
  readonly inputs: readonly HTMLElement[];
  /** Of its proposal; null: not complete. */
  fields(): object | null;
}

export class ActionForm {
  readonly element: HTMLFormElement;
  /** The field of the word that has to be typed. */
  readonly word: HTMLInputElement;
  private readonly button: HTMLButtonElement;
  private readonly audience = h("p", { class: "audience" });

  constructor(
    private readonly t: Words,
    private readonly action: Action,
    private readonly subject: Subject,
    private readonly propose: (action: Action, fields: object) => void,
  ) {
    const id = `word-${action}`;
    this.word = h("input", { type: "text", autocomplete: "off", id, required: true });
    this.button = h("button", { type: "submit", class: "strong" }, t("send.propose"));
    this.element = h(
      "form",
      { class: `panel act ${action}`, onsubmit: (event) => this.submit(event) },
      h("h3", {}, t(`send.${action}`)),
      h("p", {}, t(`send.${action}.more`)),
      ...subject.inputs,
      this.audience,
      ...labelled(t("send.word", { word: t(`send.word.${action}` as Key) }), this.word),
      this.button,
      preview(t, action),
    );
    this.word.addEventListener("input", () => this.enable());
  }

  /** The action can be proposed when its subject is complete and the word is typed. */
  enable(): void {
    this.button.disabled = this.subject.fields() === null || !this.isTyped();
  }

  setAudience(devices: number): void {
    setText(this.audience, this.t("send.audience", { n: devices }));
  }

  private isTyped(): boolean {
    return isTyped(this.t, this.action, this.word.value);
  }

  private submit(event: Event): void {
    event.preventDefault();
    const fields = this.isTyped() ? this.subject.fields() : null;
    if (!fields) return;
    this.word.value = "";
    this.enable();
    this.propose(this.action, fields);
  }
}
