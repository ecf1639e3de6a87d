/** The status page: is it well, and if not, what to do. It asks the server every two seconds. */

import { readSettings } from "../core/alert/settings";
import { load } from "../core/device/store";
import { h, replace, setText, show } from "../core/drawing/dom";
import { ask, json } from "../core/stream/http";
import { DROPS, SOURCES, STAGES, STATIONS } from "./columns";
import { clockTime, counted, seconds, share } from "./figures";
import { type Part, problems } from "./problems";
import type { Report } from "./report";
import { joined, statusLine } from "./status_line";
import { Table } from "./table";
import { words } from "./words";

const POLL_EVERY_MS = 2_000;
const TIMEOUT_MS = 5_000;

const settings = readSettings(load("settings"));
const t = words(settings.language ? [settings.language] : navigator.languages);

const line = h("p", { id: "status-line", role: "status" });
const trouble = h("p", { id: "trouble", role: "alert" });
const list = h("ul", { id: "problems" });
const facts = h("p", { id: "facts" });
const filter = h("input", { id: "filter", type: "search", autocomplete: "off", oninput: draw });
const onlyAway = h("input", { id: "only-away", type: "checkbox", onchange: draw });
const found = h("p", { id: "found", role: "status" });

const stations = new Table(t, t("table.stations"), STATIONS, (row) => row.code, 1);
const sources = new Table(t, t("table.sources"), SOURCES, (row) => row.source, 1);
const stages = new Table(t, t("table.stages"), STAGES, (row) => row.stage);
const drops = new Table(t, t("table.drops"), DROPS, ([reason]) => reason, 1, true);

let report: Report | null = null;
let listed = "";

document.documentElement.lang = t.language;
document.title = `${t("title")} - forewave`;
document
  .getElementById("page")!
  .append(
    h("h1", {}, t("title")),
    trouble,
    line,
    list,
    facts,
    h("h2", {}, t("table.stations")),
    h(
      "div",
      { class: "filters" },
      h("label", { for: "filter" }, `${t("filter")} `),
      filter,
      h("label", {}, onlyAway, ` ${t("only-away")}`),
    ),
    found,
    stations.element,
    h("h2", {}, t("table.sources")),
    sources.element,
    h("h2", {}, t("table.stages")),
    stages.element,
    h("h2", {}, t("table.refused")),
    drops.element,
  );
show(trouble, false);
void poll();

/** Ask for the report, show it, and ask again. */
async function poll(): Promise<void> {
  const answer = await ask(`status.json${location.search}`, {}, json<Report>, TIMEOUT_MS);
  try {
    if (answer === null) throw new Error("no answer");
    report = answer;
    show(trouble, false);
    setText(trouble, "");
    draw();
  } catch {
    showTrouble();
  }
  setTimeout(() => void poll(), POLL_EVERY_MS);
}

/** Warn that the content below may be old, in words that do not change while it lasts. */
function showTrouble(): void {
  const since = report ? [t("trouble.old", { time: clockTime(report.now) })] : [];
  setText(trouble, joined(t, t("trouble"), ...since));
  show(trouble, true);
  drawStatusLine(true);
}

function draw(): void {
  if (!report) return;
  const now = report;
  drawStatusLine(false);
  drawFacts(now);
  drawStations(now);
  sources.draw(now.sources);
  stages.draw(now.stages);
  drops.draw(Object.entries(now.dropped));
}

function drawStatusLine(lost: boolean): void {
  const { well, text } = statusLine(t, report, lost);
  setText(line, text);
  line.dataset["well"] = `${well}`;
}

function drawFacts(now: Report): void {
  drawProblems(now);
  const counting = now.stations.filter((station) => station.counts).length;
  setText(
    facts,
    t("facts", {
      time: clockTime(now.now),
      duration: seconds(t, now.now - now.started),
      counting,
      all: now.stations.length,
      share: share(now.stations.length ? counting / now.stations.length : null),
      alerts: counted(t, alerts(now)),
      clock: t.term("clock", now.clock.state),
      jumps: now.clock.jumps,
    }),
  );
}

function drawProblems(now: Report): void {
  const text = now.problems.join("\n");
  if (text === listed) return;
  replace(list, ...problems(t, now.problems).map((line) => h("li", {}, ...line.map(partElement))));
  listed = text;
}

function partElement({ text, english }: Part): Node | string {
  return english && t.language !== "en" ? h("span", { lang: "en" }, text) : text;
}

/** {"new actual": 3} in the page's language. */
function alerts(now: Report): Record<string, number> {
  const named: Record<string, number> = {};
  for (const [alert, n] of Object.entries(now.alerts)) {
    const [kind, mode] = alert.split(" ");
    named[`${t.term("alert", kind!)} ${t.term("mode", mode ?? "")}`] = n;
  }
  return named;
}

function drawStations(now: Report): void {
  const wanted = filter.value.trim().toUpperCase();
  const rows = now.stations.filter(
    (row) => row.code.includes(wanted) && !(onlyAway.checked && row.counts),
  );
  setText(found, t("found", { n: rows.length, all: now.stations.length }));
  stations.draw(rows);
}
