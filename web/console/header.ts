/** The first line of the console: connection, readiness, time, devices, views, and the cancel. */

import { h, setAttribute, setText, show } from "../core/drawing/dom";
import { clockTime, seconds } from "./common/figures";
import type { Key, Words } from "./common/words";
import type { Board } from "./feed/board";
import type { Link } from "./feed/feed";

export const VIEWS = ["live", "send", "health", "audit"] as const;
export type ViewName = (typeof VIEWS)[number];

/** Without a frame for longer, what is shown is called old. */
const OLD_MS = 3_000;

export interface Handlers {
  view(name: ViewName): void;
  cancel(): void;
  theme(): void;
  help(): void;
}

export class Header {
  readonly element: HTMLElement;
  private readonly link = h("p", { class: "link", role: "status" });
  private readonly state = h("p", { class: "state", role: "status" });
  private readonly clock = h("p", { class: "clock" });
  private readonly devices = h("p", { class: "devices" });
  private readonly tabs: Readonly<Record<ViewName, HTMLButtonElement>>;
  private readonly themeButton: HTMLButtonElement;

  constructor(
    private readonly t: Words,
    private readonly on: Handlers,
  ) {
    this.tabs = {
      live: this.tab("live"),
      send: this.tab("send"),
      health: this.tab("health"),
      audit: this.tab("audit"),
    };
    this.themeButton = h("button", { type: "button", class: "quiet", onclick: () => on.theme() });
    const keys = h(
      "button",
      { type: "button", class: "quiet", onclick: () => on.help() },
      t("console.keys"),
    );
    const cancel = h(
      "button",
      { type: "button", class: "cancel", "aria-keyshortcuts": "c", onclick: () => on.cancel() },
      t("console.cancel"),
    );
    this.element = h(
      "header",
      {},
      h("h1", {}, h("span", { class: "brand" }, "forewave"), ` ${t("console.title")}`),
      this.state,
      this.clock,
      this.devices,
      this.link,
      h(
        "div",
        { class: "ways" },
        h("nav", { "aria-label": t("console.views") }, ...VIEWS.map((name) => this.tabs[name])),
        h("div", { class: "tools" }, this.themeButton, keys, cancel),
      ),
    );
  }

  setView(shown: ViewName): void {
    for (const name of VIEWS)
      setAttribute(this.tabs[name], "aria-current", name === shown ? "page" : null);
  }

  setTheme(dark: boolean): void {
    setText(this.themeButton, this.t(dark ? "console.theme.light" : "console.theme.dark"));
  }

  /** age: milliseconds since the last frame. now: server ms. */
  draw(board: Board, link: Link, now: number, age: number): void {
    const { t } = this;
    const old = link !== "open" || age > OLD_MS;
    const shown = link === "open" && old ? "lost" : link;
    setText(this.link, t(`link.${shown}` as Key));
    this.link.dataset["link"] = shown;
    show(this.link, shown !== "open");
    const state = old ? "unknown" : (board.facts.state ?? "unknown");
    const missing = (board.facts.missing ?? []).map((need) => t.term("need", need)).join(", ");
    const more = state === "not ready" && missing ? ` (${missing})` : "";
    setText(this.state, t.term("state", state) + more);
    this.state.dataset["state"] = state;
    setText(this.clock, board.now ? clockTime(now / 1000) : "");
    setAttribute(this.clock, "title", seconds(t, Number.isFinite(age) ? age / 1000 : null));
    this.clock.dataset["old"] = `${old}`;
    const n = board.facts.devices;
    setText(this.devices, n === undefined ? "" : t("devices", { n }));
  }

  private tab(name: ViewName): HTMLButtonElement {
    return h(
      "button",
      { type: "button", onclick: () => this.on.view(name) },
      this.t(`view.${name}`),
    );
  }
}
