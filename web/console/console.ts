/** The console: one page with four views, fed by the frames of the server. */

import { readSettings } from "../core/alert/settings";
import { h, replace, setText, show } from "../core/drawing/dom";
import type { TravelTimes } from "../core/forecast/travel_time";
import { load, save } from "../core/storage/store";
import { fetchJson } from "../core/stream/http";
import { direction } from "../languages/table";
import { type Key, words } from "./common/words";
import { Board } from "./feed/board";
import { type Link, watch } from "./feed/feed";
import { FrameClock } from "./feed/frame_clock";
import { History } from "./feed/history";
import type { FrameWire } from "./feed/wire";
import { Header, VIEWS, type ViewName } from "./header";
import { HealthView } from "./health/health_view";
import { type Command, commandOf, isTyping } from "./keys";
import { LiveView } from "./live/live_view";
import { saidOf } from "./live/texts";
import { AuditView } from "./operators/audit_view";
import { Operator } from "./operators/operator";
import { SendView } from "./operators/send_view";

const HEADER_MS = 500;

interface Choice {
  readonly dark: boolean;
  readonly keys: boolean;
}

const settings = readSettings(load("settings"));
const t = words(settings.language ? [settings.language] : navigator.languages);
let choice = readChoice(load("console"));

const board = new Board();
const clock = new FrameClock();
const operator = new Operator();
let history = new History(0);
let network = board.network;
let link: Link = "connecting";
let shown: ViewName = "live";
let said = "";
let headerDue = 0;

const live = new LiveView(t, board, () => history);
const health = new HealthView(t);
const send = new SendView(t, board, operator, () => clock.time(performance.now()));
const audit = new AuditView(t, operator);
const polite = h("p", { id: "polite", role: "status" });
const help = h("dialog", { id: "help", "aria-labelledby": "help-title" });
const header = new Header(t, {
  view: (name) => open(name),
  cancel,
  theme: () => keep({ ...choice, dark: !choice.dark }),
  help: toggleHelp,
});
const content: Readonly<Record<ViewName, HTMLElement>> = {
  live: live.element,
  send: send.element,
  health: health.element,
  audit: audit.element,
};

document.documentElement.lang = t.language;
document.documentElement.dir = direction(t.language);
document.title = `${t("console.title")} - forewave`;
const main = h("main", { id: "content", tabindex: -1 }, ...VIEWS.map((name) => content[name]));
const skip = h("a", { class: "skip", href: "#content" }, t("console.skip"));
document.getElementById("page")!.append(skip, header.element, main, polite, help);
applyChoice();
open("live");
document.addEventListener("keydown", (event) => {
  const command = choice.keys ? commandOf(event, isTyping(document.activeElement)) : null;
  if (!command) return;
  event.preventDefault();
  carryOut(command);
});
addEventListener("resize", () => live.redraw());
void fetchJson<TravelTimes>("travel_times.json").then((table) => {
  live.table = table;
});
void watch(location.search, { frame, link: setLink }, ({ operators }) => send.begin(operators));
requestAnimationFrame(step);

function frame(wire: FrameWire): void {
  const known = new Set(board.messages.map(({ id }) => id));
  board.apply(wire);
  clock.frame(wire.now, performance.now());
  if (board.network !== network) history = new History(board.stations.length);
  network = board.network;
  history.note(wire.now, (row) => board.stations[row]?.level ?? null);
  const fresh = board.messages.filter(({ id }) => !known.has(id));
  const last = fresh[fresh.length - 1];
  if (last && wire.type === "frame") say(saidOf(last, t));
}

function setLink(now: Link): void {
  link = now;
}

/** One sentence at a time, for those who hear the page. */
function say(text: string): void {
  if (text === said) return;
  said = text;
  setText(polite, text);
}

function step(at: number): void {
  const now = clock.time(at);
  if (shown === "live") live.draw(now, at);
  if (at >= headerDue) {
    headerDue = at + HEADER_MS;
    header.draw(board, link, now, clock.age(at));
    document.documentElement.dataset["frames"] = `${live.drawn}`;
  }
  requestAnimationFrame(step);
}

function open(name: ViewName): void {
  shown = name;
  for (const each of VIEWS) show(content[each], each === name);
  header.setView(name);
  for (const [view, each] of [
    ["send", send],
    ["health", health],
    ["audit", audit],
  ] as const) {
    if (view === name) each.open();
    else each.close();
  }
  live.redraw();
}

function cancel(): void {
  open("send");
  send.focusCancel();
}

function carryOut({ to }: Command): void {
  if (to === "cancel") cancel();
  else if (to === "help") toggleHelp();
  else if (to === "peak") live.togglePeak();
  else if (to === "map") {
    open("live");
    live.focusMap();
  } else {
    open(to);
    main.focus();
  }
}

function toggleHelp(): void {
  if (help.hasAttribute("open")) return closeHelp();
  const keys: Key[] = ["keys.1", "keys.c", "keys.m", "keys.p", "keys.help"];
  const on = h("input", { id: "keys-on", type: "checkbox" });
  on.checked = choice.keys;
  on.addEventListener("change", () => keep({ ...choice, keys: on.checked }));
  const close = h(
    "button",
    { type: "button", class: "strong", onclick: closeHelp },
    t("keys.close"),
  );
  replace(
    help,
    h("h2", { id: "help-title" }, t("keys.title")),
    h("ul", {}, ...keys.map((key) => h("li", {}, t(key)))),
    h("p", {}, on, h("label", { for: "keys-on" }, ` ${t("keys.on")}`)),
    close,
  );
  help.onkeydown = ({ key }) => {
    if (key === "Escape") closeHelp();
  };
  help.setAttribute("open", "");
  close.focus();
}

function closeHelp(): void {
  help.removeAttribute("open");
  main.focus();
}

function keep(next: Choice): void {
  choice = next;
  save("console", choice);
  applyChoice();
}

function applyChoice(): void {
  document.documentElement.dataset["theme"] = choice.dark ? "dark" : "light";
  header.setTheme(choice.dark);
  live.redraw();
}

/** Dark, because control rooms are; single keys on. */
function readChoice(stored: unknown): Choice {
  const given = (typeof stored === "object" && stored !== null ? stored : {}) as Partial<Choice>;
  return { dark: given.dark !== false, keys: given.keys !== false };
}
