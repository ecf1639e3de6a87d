/**
 * The alert on the screen: built once, hidden, so that an alert only fills in words.
 *
 * It takes over any page: what lies below becomes inert, the focus goes to it and comes back
 * afterwards, and for 700 ms after it has come keys are ignored, as a finger may be under way.
 */

import type { Device } from "../device/device";
import { alertIntensity } from "../words/scales";
import { sentences } from "../words/sentences";
import { type AlertView, alertView, type Viewer } from "../words/view";
import { isFar } from "./appearance";
import { Chip } from "./chip";
import { Count } from "./count";
import { h, replace, setAttribute, setText, show } from "./dom";
import { Fit } from "./fit";
import { icon } from "./icons";

const GUARD_MS = 700;
const LEAST_PX = 24;
/** Escape; the back keys of webOS, Tizen and HbbTV. */
const BACK_CODES = [27, 461, 10009, 166, 8];

export class AlertScreen {
  readonly element: HTMLElement;
  private readonly band = h("p", { class: "drill" });
  private readonly shape = h("span", { class: "shape" });
  private readonly title = h("p", { class: "title" });
  private readonly word = h("span", { class: "word" });
  private readonly short = h("span", { class: "short", "aria-hidden": "true" });
  private readonly action = h("h1", { class: "action", tabindex: -1 });
  private readonly count = new Count();
  /** That changes do not arrive, while the connection is away. */
  private readonly link = h("p", { class: "link", hidden: true });
  private readonly detail = h("p", { class: "detail" });
  private readonly chip = new Chip();
  private readonly facts = h("span", { class: "line" });
  private readonly own = h("p", { class: "own" }, this.chip.element, " ", this.facts);
  private readonly also = h("ul", { class: "also" });
  private readonly fit = new Fit(this.action, LEAST_PX);
  private readonly button: HTMLButtonElement;
  private readonly hint = h("p", { class: "hint" });
  private readonly why = h("details", { class: "why" });
  private shownFor: string | null = null;
  private shownAt = 0;
  private calm = false;
  private before: Element | null = null;

  constructor(
    private readonly device: Device,
    private readonly page: HTMLElement,
    private readonly tv: boolean,
  ) {
    this.button = h("button", { class: "stop", type: "button", onclick: () => this.press() });
    const names = h(
      "div",
      { class: "names" },
      this.title,
      h("p", { class: "level" }, this.word, this.short),
    );
    const foot = h("div", { class: "foot" }, this.button, this.hint);
    const top = h("div", { class: "head" }, this.shape, names, tv ? null : foot);
    const below = [this.detail, this.own, this.also, tv ? foot : null, this.why];
    const rest = [this.link, this.action, this.count.element, ...below];
    const sheet = h("div", { class: "sheet" }, top, ...rest);
    this.element = h("main", { id: "alert", hidden: true }, this.band, sheet);
    addEventListener("keydown", (event) => this.key(event), true);
  }

  /** Draws the alert of the state; returns whether it covers the page. */
  draw(): boolean {
    const { t } = this.device;
    const quake = this.device.quake();
    const source = quake ? this.device.source(quake) : "";
    const place = this.device.placeOf(quake ?? {});
    const profile = this.device.profile();
    const viewer: Viewer = { t, profile, tv: this.tv, place, source, far: isFar() };
    const view = alertView(quake, viewer);
    if (!view || !quake) return this.leave();
    this.fill(view, quake.key);
    if (this.shownFor === null) this.takeOver();
    else if (this.calm && view.stops) this.shownAt = performance.now();
    this.calm = !view.stops;
    if (this.shownFor !== quake.key + view.surface) this.focusSoon();
    this.shownFor = quake.key + view.surface;
    this.fit.draw();
    return true;
  }

  private fill(view: AlertView, key: string): void {
    const { t } = this.device;
    setAttribute(this.element, "data-surface", view.surface);
    setAttribute(this.element, "data-phase", view.phase);
    setAttribute(this.element, "data-level", `${view.level}`);
    if (this.shape.getAttribute("data-shape") !== view.shape) replace(this.shape, icon(view.shape));
    setAttribute(this.shape, "data-shape", view.shape);
    show(this.band, view.drill);
    setText(this.band, t("drill.band"));
    setText(this.title, view.title);
    setText(this.word, view.word);
    const { seconds } = view;
    setText(this.short, seconds === null ? "" : t("seconds.short", { n: seconds }));
    this.fillLink();
    setLines(this.action, "span", view.action);
    this.count.draw(view, key, t);
    setText(this.detail, view.detail);
    show(this.detail, view.detail !== "");
    this.chip.draw(alertIntensity(view.mmi, this.device.scale(), t));
    setText(this.facts, view.facts);
    show(this.own, view.mmi !== null || view.facts !== "");
    setLines(this.also, "li", view.also);
    show(this.also, view.also.length > 0);
    this.fillFoot(view);
  }

  private fillLink(): void {
    const readiness = this.device.readiness();
    const away = readiness === "reconnecting" || readiness === "lost";
    const { t } = this.device;
    show(this.link, away);
    setText(this.link, away ? sentences(t(readiness), t("alert.offline")) : "");
  }

  private fillFoot(view: AlertView): void {
    setText(this.button, view.button);
    setText(this.hint, this.device.t("press"));
    show(this.hint, this.tv);
    show(this.why, view.why !== "");
    if (view.why === "" || this.why.lastElementChild?.textContent === view.why) return;
    replace(this.why, h("summary", {}, this.device.t("why")), h("p", {}, view.why));
  }

  private takeOver(): void {
    this.before = document.activeElement;
    this.shownAt = performance.now();
    show(this.element, true);
    setAttribute(this.page, "inert", "");
    setAttribute(this.page, "aria-hidden", "true");
  }

  private focusSoon(): void {
    const wait = Math.max(0, this.shownAt + GUARD_MS - performance.now());
    setTimeout(() => {
      if (!this.element.hidden)
        (this.tv ? this.button : this.action).focus({ preventScroll: true });
    }, wait);
  }

  private leave(): boolean {
    if (this.shownFor === null) return false;
    this.shownFor = null;
    show(this.element, false);
    replace(this.why);
    setAttribute(this.page, "inert", null);
    setAttribute(this.page, "aria-hidden", null);
    const back =
      this.before instanceof HTMLElement && this.before !== document.body ? this.before : null;
    (back ?? this.page.querySelector<HTMLElement>("h1, [tabindex]"))?.focus({
      preventScroll: true,
    });
    return false;
  }

  private press(): void {
    if (performance.now() - this.shownAt < GUARD_MS) return;
    this.device.touched();
    const quake = this.device.quake();
    const stops = this.element.getAttribute("data-surface") !== "calm";
    if (!quake) return;
    // A second touch that follows at once belongs to the first one.
    this.shownAt = performance.now();
    const leaves = quake.silenced && quake.message.mode === "drill";
    this.device.dispatch({ type: !stops ? "ok" : leaves ? "leave" : "stop" });
  }

  private key(event: KeyboardEvent): void {
    if (this.element.hidden) return;
    const back = BACK_CODES.includes(event.keyCode);
    const ok = event.key === "Enter" || event.key === " ";
    const guarded = performance.now() - this.shownAt < GUARD_MS;
    const elsewhere =
      ok && document.activeElement !== this.button && !this.why.contains(document.activeElement);
    if (!back && !(ok && (guarded || elsewhere))) return;
    event.preventDefault();
    event.stopPropagation();
    this.press();
  }
}

function setLines(element: Element, tag: "span" | "li", lines: readonly string[]): void {
  const same =
    element.childElementCount === lines.length &&
    lines.every((line, i) => element.children[i]?.textContent === line);
  if (!same) replace(element, ...lines.map((line) => h(tag, {}, line)));
}
