/** SEND: two people cancel an alert or start a drill. */

import { h, replace, setText, show } from "../../core/drawing/dom";
import type { Key, Words } from "../common/words";
import type { Board } from "../feed/board";
import { fit } from "../map/map_view";
import type { AlertInForce, Operator, OperatorState, Outcome, Proposal } from "./operator";
import { previews } from "./preview";
import { ACTIONS, type Action, drillFields, isNight, isTyped, solarTime } from "./proposal";

const POLL_MS = 2_000;

interface Form {
  readonly element: HTMLFormElement;
  readonly word: HTMLInputElement;
  readonly button: HTMLButtonElement;
  readonly audience: HTMLElement;
  /** Of a cancel. */
  readonly which?: HTMLSelectElement;
}

export class SendView {
  readonly element = h("div", { class: "send" });
  private readonly said = h("p", { id: "said", role: "status" });
  private readonly failed = h("p", { id: "failed", role: "alert" });
  private readonly loginForm: HTMLElement;
  private readonly who = h("p", { class: "who" });
  private readonly inside = h("div", {});
  private readonly proposals = h("div", { class: "proposals" });
  private readonly running = h("div", { class: "panel warn" });
  private readonly forms: Readonly<Record<Action, Form>>;
  private readonly numbers: Readonly<
    Record<"lat" | "lon" | "seconds" | "magnitude", HTMLInputElement>
  >;
  private readonly night = h("p", { class: "night" });
  private state: OperatorState | null = null;
  private drawn = "";
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly t: Words,
    private readonly board: Board,
    private readonly operator: Operator,
    private readonly serverNow: () => number,
  ) {
    this.loginForm = this.login();
    this.numbers = {
      lat: number("lat", -85, 85, "any", ""),
      lon: number("lon", -180, 180, "any", ""),
      seconds: number("seconds", 0, 120, "1", "20"),
      magnitude: number("magnitude", 4, 9, "0.1", "7.3"),
    };
    this.forms = {
      cancel: this.form("cancel"),
      drill: this.form("drill"),
    };
    show(this.failed, false);
    show(this.running, false);
  }

  /** Whether operators can log in on this server is known now. */
  begin(operators: boolean): void {
    if (!operators) {
      replace(
        this.element,
        h("h2", {}, this.t("send.title")),
        h("p", { class: "panel" }, this.t("send.none")),
        h("p", {}, this.t("send.none.more")),
        h("pre", { tabindex: 0 }, COMMANDS),
      );
      return;
    }
    const forms = ACTIONS.map((action) => this.forms[action].element);
    replace(
      this.inside,
      this.who,
      this.running,
      h("section", { class: "panel" }, h("h3", {}, this.t("send.proposals")), this.proposals),
      h("div", { class: "forms" }, ...forms),
    );
    replace(
      this.element,
      h("h2", {}, this.t("send.title")),
      h("p", {}, this.t("send.two")),
      this.said,
      this.failed,
      this.loginForm,
      this.inside,
    );
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
    const first = this.loginForm.querySelector("input");
    const target = this.operator.isIn ? this.forms.cancel.word : first;
    (target ?? this.element).focus();
    target?.scrollIntoView({ block: "center" });
  }

  private draw(): void {
    const { operator, state } = this;
    show(this.loginForm, !operator.isIn);
    show(this.inside, operator.isIn);
    this.drawAudience();
    const key = JSON.stringify([operator.isIn, state?.name, state?.alerts, state?.drill]);
    this.drawProposals();
    if (key === this.drawn) return;
    this.drawn = key;
    this.drawWho();
    this.drawAlerts(this.forms.cancel);
    this.drawRunning();
    for (const action of ACTIONS) this.enable(action);
  }

  private drawWho(): void {
    const out = h(
      "button",
      { type: "button", onclick: () => void this.logout() },
      this.t("send.logout"),
    );
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
    const n = this.board.facts.devices ?? 0;
    for (const action of ACTIONS)
      setText(this.forms[action].audience, this.t("send.audience", { n }));
    const lon = Number(this.numbers.lon.value);
    const time = solarTime(Number.isFinite(lon) ? lon : 0, this.serverNow());
    setText(this.night, this.t("send.night", { time }));
    show(this.night, this.numbers.lon.value !== "" && isNight(time));
  }

  private drawAlerts({ which }: Form): void {
    if (!which) return;
    const before = which.value;
    const alerts = (this.state?.alerts ?? []).filter(({ event }) => event !== this.state?.drill);
    const options = alerts.map((alert) => h("option", { value: alert.event }, alertText(alert)));
    replace(
      which,
      ...(options.length ? options : [h("option", { value: "" }, this.t("send.no-alert"))]),
    );
    if (alerts.some(({ event }) => event === before)) which.value = before;
  }

  /** Drawn anew only where they are others: somebody may be typing a password. */
  private drawProposals(): void {
    const open = this.state?.proposals ?? [];
    const key = `${this.state?.name} ${open.map(({ id }) => id).join()}`;
    if (key !== this.proposals.dataset["key"]) {
      this.proposals.dataset["key"] = key;
      const items = open.map((each) => this.proposal(each));
      const none = h("p", {}, this.t("send.no-proposals"));
      replace(this.proposals, ...(items.length ? items : [none]));
    }
    this.proposals.querySelectorAll(".by").forEach((line, n) => {
      if (open[n]) setText(line, this.byText(open[n]));
    });
  }

  private byText(each: Proposal): string {
    const facts = [each.event, each.lat, each.lon, each.seconds, each.magnitude];
    const known = facts.filter((fact) => fact !== undefined).join(", ");
    const action = `${this.t(`send.${each.action as Action}`)} ${known}`;
    return this.t("send.by", { action, name: each.by, seconds: each.seconds_left });
  }

  private proposal(each: Proposal): HTMLElement {
    const { t } = this;
    const own = each.by === this.state?.name;
    const button = (key: "confirm" | "drop", kind: string | null) =>
      h(
        "button",
        { type: "button", class: kind, onclick: () => void this.act(key, { id: each.id }, key) },
        t(`send.${key}`),
      );
    return h(
      "article",
      { class: "proposal" },
      h("p", { class: "by" }),
      own ? h("p", {}, t("send.own")) : button("confirm", "strong"),
      button("drop", null),
      own ? this.secondPerson(each) : null,
    );
  }

  /** The second person logs in here, confirms, and is logged out again. */
  private secondPerson(each: Proposal): HTMLElement {
    const { t } = this;
    const [name, password] = credentials(t, `second-${each.id}`);
    const submit = async (event: Event) => {
      event.preventDefault();
      const entered = await this.operator.login(name.value, password.value);
      password.value = "";
      if (!entered.ok) return this.tell("confirm", entered);
      const outcome = await this.operator.post("confirm", { id: each.id });
      await this.operator.logout();
      this.state = null;
      this.tell("confirm", outcome);
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

  private login(): HTMLElement {
    const { t } = this;
    const [name, password] = credentials(t, "login");
    const submit = async (event: Event) => {
      event.preventDefault();
      const outcome = await this.operator.login(name.value, password.value);
      password.value = "";
      if (!outcome.ok) return this.tell("login", outcome);
      name.value = "";
      show(this.failed, false);
      this.state = await this.operator.state();
      this.draw();
      this.forms.cancel.word.focus();
    };
    return h(
      "form",
      { class: "panel login", onsubmit: (event) => void submit(event) },
      h("h3", {}, t("send.login")),
      ...labelled(t("send.name"), name),
      ...labelled(t("send.password"), password),
      h("button", { type: "submit", class: "strong" }, t("send.login")),
    );
  }

  private async logout(): Promise<void> {
    await this.operator.logout();
    this.state = null;
    this.draw();
  }

  private form(action: Action): Form {
    const { t } = this;
    const word = h("input", {
      type: "text",
      autocomplete: "off",
      id: `word-${action}`,
      required: true,
    });
    const button = h("button", { type: "submit", class: "strong" }, t("send.propose"));
    const audience = h("p", { class: "audience" });
    const which = action === "drill" ? undefined : h("select", { id: `which-${action}` });
    const inputs = which ? labelled(t("send.which"), which) : this.drillInputs();
    const element = h(
      "form",
      { class: `panel act ${action}`, onsubmit: (event) => void this.propose(event, action) },
      h("h3", {}, t(`send.${action}`)),
      h("p", {}, t(`send.${action}.more`)),
      ...inputs,
      audience,
      ...labelled(t("send.word", { word: t(`send.word.${action}` as Key) }), word),
      button,
      this.preview(action),
    );
    word.addEventListener("input", () => this.enable(action));
    const form = { element, word, button, audience };
    return which ? { ...form, which } : form;
  }

  private preview(action: Action): HTMLElement {
    const shown = h("div", { class: "previews" });
    const details = h(
      "details",
      {},
      h("summary", {}, this.t("preview.title")),
      h("p", {}, this.t("preview.more")),
      shown,
    );
    details.addEventListener("toggle", () => {
      if (!details.open || shown.firstChild) return;
      void previews(action).then((screens) => replace(shown, ...screens));
    });
    return details;
  }

  private drillInputs(): HTMLElement[] {
    const { t, numbers } = this;
    for (const input of Object.values(numbers))
      input.addEventListener("input", () => {
        this.enable("drill");
        this.drawAudience();
      });
    const middle = () => {
      const { centre } = fit(this.board.stations);
      numbers.lat.value = centre.lat.toFixed(2);
      numbers.lon.value = centre.lon.toFixed(2);
      this.enable("drill");
      this.drawAudience();
    };
    return [
      ...labelled(t("send.lat"), numbers.lat),
      ...labelled(t("send.lon"), numbers.lon),
      h("button", { type: "button", onclick: middle }, t("send.middle")),
      ...labelled(t("send.seconds"), numbers.seconds),
      ...labelled(t("send.magnitude"), numbers.magnitude),
      this.night,
    ];
  }

  private enable(action: Action): void {
    const form = this.forms?.[action];
    if (!form) return;
    const known = form.which ? form.which.value !== "" : this.drill() !== null;
    form.button.disabled = !(known && isTyped(this.t, action, form.word.value));
  }

  private drill() {
    const { lat, lon, seconds, magnitude } = this.numbers;
    return drillFields({
      ...{ lat: lat.value, lon: lon.value },
      ...{ seconds: seconds.value, magnitude: magnitude.value },
    });
  }

  private async propose(event: Event, action: Action): Promise<void> {
    event.preventDefault();
    const { which, word } = this.forms[action];
    if (!isTyped(this.t, action, word.value)) return;
    const fields = which ? { event: which.value } : this.drill();
    if (!fields) return;
    word.value = "";
    this.enable(action);
    await this.act("propose", { action, ...fields }, "propose");
  }

  private async act(what: string, fields: object, done: string): Promise<void> {
    const outcome = await this.operator.post(what, fields);
    this.state = (await this.operator.state()) ?? this.state;
    delete this.proposals.dataset["key"];
    this.tell(done, outcome);
  }

  private tell(done: string, outcome: Outcome<unknown>): void {
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

const COMMANDS = `forewave operators add anna
forewave operators add bob

[operators]
file = "operators.json"`;

function alertText({ event, magnitude, lat, lon, mode }: AlertInForce): string {
  return `M ${magnitude.toFixed(1)}, ${lat}, ${lon}, ${mode}, ${event}`;
}

function number(
  id: string,
  least: number,
  most: number,
  step: string,
  value: string,
): HTMLInputElement {
  return h("input", {
    ...{ id: `drill-${id}`, type: "number", min: least, max: most, step, value },
    ...{ required: true, inputmode: "decimal" },
  });
}

function credentials(t: Words, id: string): [HTMLInputElement, HTMLInputElement] {
  void t;
  return [
    h("input", { id: `${id}-name`, type: "text", autocomplete: "username", required: true }),
    h("input", {
      id: `${id}-word`,
      type: "password",
      autocomplete: "current-password",
      required: true,
    }),
  ];
}

function labelled(text: string, control: HTMLElement): HTMLElement[] {
  return [h("label", { for: control.id }, text), control];
}
