/** An operator logs in. */

import { h } from "../../core/drawing/dom";
import type { Words } from "../common/words";
import { credentials, labelled } from "./fields";
import type { Operator, Outcome } from "./operator";

export class LoginForm {
  readonly element: HTMLFormElement;
  /** Where to begin. */
  readonly first: HTMLInputElement;

  constructor(t: Words, operator: Operator, done: (outcome: Outcome<unknown>) => void) {
    const [name, password] = credentials("login");
    const submit = async (event: Event) => {
      event.preventDefault();
      const outcome = await operator.login(name.value, password.value);
      password.value = "";
      if (outcome.ok) name.value = "";
      done(outcome);
    };
    this.first = name;
    this.element = h(
      "form",
      { class: "panel login", onsubmit: (event) => void submit(event) },
      h("h3", {}, t("send.login")),
      ...labelled(t("send.name"), name),
      ...labelled(t("send.password"), password),
      h("button", { type: "submit", class: "strong" }, t("send.login")),
    );
  }
}
