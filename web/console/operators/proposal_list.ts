/** What has been proposed: another person confirms it, or either of them drops it. */

import { h, replace, setText } from "../../core/drawing/dom";
import type { Words } from "../common/words";
import { credentials, labelled } from "./fields";
import type { Operator, OperatorState, Outcome, Proposal } from "./operator";
import type { Action } from "./proposal";

export interface Decisions {
  decide(what: "confirm" | "drop", id: string): void;
  /** A second person has confirmed here, or tried to. entered: they were logged in, and are out. */
  bySecond(outcome: Outcome<unknown>, entered: boolean): void;
}

export class ProposalList {
  readonly element = h("div", { class: "proposals" });
  private drawn: string | null = null;

  constructor(
    private readonly t: Words,
    private readonly operator: Operator,
    private readonly on: Decisions,
  ) {}

  /** Drawn anew only where they are others: somebody may be typing a password. */
  draw(state: OperatorState | null): void {
    const open = state?.proposals ?? [];
    const key = `${state?.name} ${open.map(({ id }) => id).join()}`;
    if (key !== this.drawn) {
      this.drawn = key;
      const items = open.map((each) => this.item(each, each.by === state?.name));
      const none = h("p", {}, this.t("send.no-proposals"));
      replace(this.element, ...(items.length ? items : [none]));
    }
    this.element.querySelectorAll(".by").forEach((line, n) => {
      if (open[n]) setText(line, this.byText(open[n]));
    });
  }

  /** Draws it anew next time, without what has been typed. */
  clear(): void {
    this.drawn = null;
  }

  private byText(each: Proposal): string {
    const facts = [each.event, each.lat, each.lon, each.seconds, each.magnitude];
    const known = facts.filter((fact) => fact !== undefined).join(", ");
    const action = `${this.t(`send.${each.action as Action}`)} ${known}`;
    return this.t("send.by", { action, name: each.by, seconds: each.seconds_left });
  }

  private item({ id }: Proposal, own: boolean): HTMLElement {
    const { t, on } = this;
    const button = (key: "confirm" | "drop", kind: string | null) =>
      h(
        "button",
        { type: "button", class: kind, onclick: () => on.decide(key, id) },
        t(`send.${key}`),
      );
    return h(
      "article",
      { class: "proposal" },
      h("p", { class: "by" }),
      own ? h("p", {}, t("send.own")) : button("confirm", "strong"),
      button("drop", null),
      own ? this.secondPerson(id) : null,
    );
  }

  /** The second person logs in here, confirms, and is logged out again. */
  private secondPerson(id: string): HTMLElement {
    const { t, operator } = this;
    const [name, password] = credentials(`second-${id}`);
    const submit = async (event: Event) => {
      event.preventDefault();
      const entered = await operator.login(name.value, password.value);
      password.value = "";
      if (!entered.ok) return this.on.bySecond(entered, false);
      const outcome = await operator.post("confirm", { id });
      await operator.logout();
      this.on.bySecond(outcome, true);
    };
    return h(
      "details",
      {},
      h("summary", {}, t("send.second")),
      h("p", {}, t("send.second.more")),
      h(
        "form",
        { onsubmit: (event) => void submit(event) },
        ...labelled(t("send.name"), name),
        ...labelled(t("send.password"), password),
        h("button", { type: "submit", class: "strong" }, t("send.confirm")),
      ),
    );
  }
}
