/** SEND: two people cancel an alert or start a drill. */

import { h, replace, setText, show } from "../../core/drawing/dom";
import type { Key, Words } from "../common/words";
import type { Board } from "../feed/board";
import { ActionForm } from "./action_form";
import { AlertChoice } from "./alert_choice";
import { DrillInputs } from "./drill_inputs";
import { LoginForm } from "./login_form";
import type { Operator, OperatorState, Outcome } from "./operator";
import type { Action } from "./proposal";
import { ProposalList } from "./proposal_list";

const POLL_MS = 2_000;
const COMMANDS = `forewave operators add anna
forewave operators add bob

[operators]
file = "operators.json"`;

export class SendView {
  readonly element = h("div", { class: "send" });
  private readonly said = h("p", { id: "said", role: "status" });
  private readonly failed = h("p", { id: "failed", role: "alert" });
  private readonly login: LoginForm;
  private readonly who = h("p", { class: "who" });
  private readonly inside = h("div", {});
  private readonly running = h("div", { class: "panel warn" });
  private readonly proposals: ProposalList;
  private readonly alerts: AlertChoice;
  private readonly drillInputs: DrillInputs;
  private readonly cancel: ActionForm;
  private readonly drill: ActionForm;
  private state: OperatorState | null = null;
  private drawn = "";
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly t: Words,
    private readonly board: Board,
    private readonly operator: Operator,
    private readonly serverNow: () => number,
  ) {
    this.login = new LoginForm(t, operator, (outcome) => void this.entered(outcome));
    this.proposals = new ProposalList(t, operator, {
      decide: (what, id) => void this.act(what, { id }, what),
      bySecond: (outcome, entered) => this.bySecond(outcome, entered),
    });
    this.alerts = new AlertChoice(t);
    this.drillInputs = new DrillInputs(t, board, () => this.drillChanged());
    const propose = (action: Action, fields: object) =>
      void this.act("propose", { action, ...fields }, "propose");
    this.cancel = new ActionForm(t, "cancel", this.alerts, propose);
    this.drill = new ActionForm(t, "drill", this.drillInputs, propose);
    show(this.failed, false);
    show(this.running, false);
  }

  /** Whether operators can log in on this server is known now. */
  begin(operators: boolean): void {
    const { t } = this;
    const title = h("h2", {}, t("send.title"));
    if (!operators) {
      const none = h("p", { class: "panel" }, t("send.none"));
      const more = h("p", {}, t("send.none.more"));
      replace(this.element, title, none, more, h("pre", { tabindex: 0 }, COMMANDS));
      return;
    }
    replace(
      this.inside,
      this.who,
      this.running,
      h("section", { class: "panel" }, h("h3", {}, t("send.proposals")), this.proposals.element),
      h("div", { class: "forms" }, this.cancel.element, this.drill.element),
    );
    const { said, failed, login, inside } = this;
    replace(this.element, title, h("p", {}, t("send.two")), said, failed, login.element, inside);
    this.drawn = "";
    this.draw();
  }

  /** While the view is open. */
  open(): void {
    if (this.timer !== null) return;
    const poll = async () => {
      if (this.operator.isIn) {
        const state = await this.operator.state();
        if (state || !this.operator.isIn) this.state = state;
      }
      this.draw();
      if (this.timer !== null) this.timer = setTimeout(() => void poll(), POLL_MS);
    };
    this.timer = setTimeout(() => void poll(), 0);
  }

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  /** Puts the focus where a cancel begins: the login, or the word to type. */
  focusCancel(): void {
    const target = this.operator.isIn ? this.cancel.word : this.login.first;
    target.focus();
    target.scrollIntoView({ block: "center" });
  }

  private draw(): void {
    const { operator, state } = this;
    show(this.login.element, !operator.isIn);
    show(this.inside, operator.isIn);
    this.drawAudience();
    const key = JSON.stringify([operator.isIn, state?.name, state?.alerts, state?.drill]);
    this.proposals.draw(state);
    if (key === this.drawn) return;
    this.drawn = key;
    this.drawWho();
    this.alerts.draw(state);
    this.drawRunning();
    this.cancel.enable();
    this.drill.enable();
  }

  private drawWho(): void {
    const leave = () => void this.logout();
    const out = h("button", { type: "button", onclick: leave }, this.t("send.logout"));
    replace(this.who, this.t("send.logged", { name: this.state?.name ?? "" }), " ", out);
  }

  private drawRunning(): void {
    const end = () => void this.act("end-drill", {}, "end-drill");
    replace(
      this.running,
      h("p", {}, this.t("send.running")),
      h("button", { type: "button", class: "strong", onclick: end }, this.t("send.end")),
    );
    show(this.running, Boolean(this.state?.drill));
  }

  private drawAudience(): void {
    const devices = this.board.facts.devices ?? 0;
    this.cancel.setAudience(devices);
    this.drill.setAudience(devices);
    this.drillInputs.draw(this.serverNow());
  }

  private drillChanged(): void {
    this.drill.enable();
    this.drawAudience();
  }

  private async entered(outcome: Outcome<unknown>): Promise<void> {
    if (!outcome.ok) return this.report("login", outcome);
    show(this.failed, false);
    this.state = await this.operator.state();
    this.draw();
    this.cancel.word.focus();
  }

  private async logout(): Promise<void> {
    const outcome = await this.operator.logout();
    if (this.operator.isIn) return this.report("logout", outcome);
    this.state = null;
    this.draw();
  }

  private bySecond(outcome: Outcome<unknown>, entered: boolean): void {
    if (entered) this.state = null;
    this.report("confirm", outcome);
  }

  private async act(what: string, fields: object, done: string): Promise<void> {
    const outcome = await this.operator.post(what, fields);
    this.state = (await this.operator.state()) ?? this.state;
    this.proposals.clear();
    this.report(done, outcome);
  }

  /** done: what was wanted. */
  private report(done: string, outcome: Outcome<unknown>): void {
    const { t } = this;
    const failure = outcome.ok
      ? ""
      : outcome.why
        ? t("send.failed", { why: outcome.why })
        : t("send.away");
    setText(this.failed, failure);
    show(this.failed, !outcome.ok);
    setText(this.said, outcome.ok ? t(`send.done.${done}` as Key) : "");
    this.draw();
  }
}
