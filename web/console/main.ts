/** The status page: is it well, and if not, what to do. It asks the server every two seconds. */

import { h, replace, setText, show } from "../core/dom";
import { DROPS, SOURCES, STAGES, STATIONS } from "./columns";
import { clockTime, counted, seconds, share } from "./figures";
import type { Report } from "./report";
import { Table } from "./table";

const EVERY_MS = 2_000;
const PATIENCE_MS = 5_000;

const verdict = h("p", { id: "verdict", role: "status" });
const trouble = h("p", { id: "trouble", role: "alert" });
const problems = h("ul", { id: "problems" });
const facts = h("p", { id: "facts" });
const filter = h("input", { id: "filter", type: "search", autocomplete: "off", oninput: draw });
const onlyAway = h("input", { id: "only-away", type: "checkbox", onchange: draw });
const found = h("p", { id: "found", role: "status" });

const stations = new Table("Stations", STATIONS, (row) => row.code, 1);
const sources = new Table("Sources", SOURCES, (row) => row.source, 1);
const stages = new Table("Latency", STAGES, (row) => row.stage);
const drops = new Table("Refused by the rooms", DROPS, ([reason]) => reason, 1, true);

let report: Report | null = null;
let verdictWas = "";

document.getElementById("page")!.append(
  h("h1", {}, "Status"),
  trouble,
  verdict,
  problems,
  facts,
  h("h2", {}, "Stations"),
  h(
    "div",
    { class: "filters" },
    h("label", { for: "filter" }, "Show only names with "),
    filter,
    h("label", {}, onlyAway, " Only stations whose silence does not count"),
  ),
  found,
  stations.element,
  h("h2", {}, "Sources"),
  sources.element,
  h("h2", {}, "Latency"),
  stages.element,
  h("h2", {}, "Refused"),
  drops.element,
);
show(trouble, false);
void ask();

async function ask(): Promise<void> {
  try {
    report = await fetched();
    show(trouble, false);
    setText(trouble, "");
    draw();
  } catch {
    tellTrouble();
  }
  setTimeout(() => void ask(), EVERY_MS);
}

async function fetched(): Promise<Report> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const answer = await fetch("status.json", { signal: stop.signal });
    if (!answer.ok) throw new Error(answer.statusText);
    return (await answer.json()) as Report;
  } finally {
    clearTimeout(timer);
  }
}

/** What stands below may be old: say so, in words that do not change while it lasts. */
function tellTrouble(): void {
  const since = report ? ` What stands below is of ${clockTime(report.now)}.` : "";
  setText(trouble, `The server does not answer.${since}`);
  show(trouble, true);
}

function draw(): void {
  if (!report) return;
  const now = report;
  drawVerdict(now);
  drawStations(now);
  sources.draw(now.sources);
  stages.draw(now.stages);
  drops.draw(Object.entries(now.dropped));
}

function drawVerdict(now: Report): void {
  const well = now.alive && now.ready;
  const missing = now.missing.length ? ` Missing: ${now.missing.join(", ")}.` : "";
  const stuck = now.alive ? "" : " The pipeline is stuck.";
  setText(verdict, well ? "Ready: it would warn now." : `NOT ready to warn.${missing}${stuck}`);
  verdict.dataset["well"] = `${well}`;
  const lines = now.problems.join("\n");
  if (lines !== verdictWas) replace(problems, ...now.problems.map((line) => h("li", {}, line)));
  verdictWas = lines;
  const counting = now.stations.filter((station) => station.counts).length;
  setText(
    facts,
    `As of ${clockTime(now.now)}, up for ${seconds(now.now - now.started)}. ` +
      `${counting} of ${now.stations.length} stations count` +
      (now.stations.length ? ` (${share(counting / now.stations.length)}). ` : ". ") +
      `Alerts: ${counted(now.alerts)}. Clock: ${now.clock.state}, jumps: ${now.clock.jumps}.`,
  );
}

function drawStations(now: Report): void {
  const wanted = filter.value.trim().toUpperCase();
  const rows = now.stations.filter(
    (row) => row.code.includes(wanted) && !(onlyAway.checked && row.counts),
  );
  setText(found, `${rows.length} of ${now.stations.length} stations`);
  stations.draw(rows);
}
