/** The health of the server: is it well, and if not, what to do. It asks every two seconds. */

import { h, replace, setText, show } from "../../core/drawing/dom";
import { ask, json } from "../../core/stream/http";
import { clockTime, counted, seconds, share } from "../common/figures";
import { Table } from "../common/table";
import type { Words } from "../common/words";
import { DROPS, SOURCES, STAGES, STATIONS } from "./columns";
import { type Part, problems } from "./problems";
import type { Report, Source, Stage, Station } from "./report";
import { joined, statusLine } from "./status_line";

const POLL_EVERY_MS = 2_000;
const TIMEOUT_MS = 5_000;

/** A server that plays a recording answers that there is no such thing. */
const NONE = "none";

export class HealthView {
  readonly element: HTMLElement;
  private readonly line = h("p", { id: "status-line", role: "status" });
  private readonly trouble = h("p", { id: "trouble", role: "alert" });
  private readonly list = h("ul", { id: "problems" });
  private readonly facts = h("p", { id: "facts" });
  private readonly filter: HTMLInputElement;
  private readonly onlyAway: HTMLInputElement;
  private readonly found = h("p", { id: "found", role: "status" });
  private readonly stations: Table<Station>;
  private readonly sources: Table<Source>;
  private readonly stages: Table<Stage>;
  private readonly drops: Table<readonly [string, number]>;
  private report: Report | null = null;
  private listed = "";
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly t: Words) {
    const draw = () => this.draw();
    this.filter = h("input", { id: "filter", type: "search", autocomplete: "off", oninput: draw });
    this.onlyAway = h("input", { id: "only-away", type: "checkbox", onchange: draw });
    this.stations = new Table(t, t("table.stations"), STATIONS, (row) => row.code, 1);
    this.sources = new Table(t, t("table.sources"), SOURCES, (row) => row.source, 1);
    this.stages = new Table(t, t("table.stages"), STAGES, (row) => row.stage);
    this.drops = new Table(t, t("table.drops"), DROPS, ([reason]) => reason, 1, true);
    this.element = h(
      "div",
      { class: "health" },
      this.trouble,
      this.line,
      this.list,
      this.facts,
      h("h2", {}, t("table.stations")),
      h(
        "div",
        { class: "filters" },
        h("label", { for: "filter" }, `${t("filter")} `),
        this.filter,
        h("label", {}, this.onlyAway, ` ${t("only-away")}`),
      ),
      this.found,
      this.stations.element,
      h("h2", {}, t("table.sources")),
      this.sources.element,
      h("h2", {}, t("table.stages")),
      this.stages.element,
      h("h2", {}, t("table.refused")),
      this.drops.element,
    );
    show(this.trouble, false);
  }

  /** Ask for the report, show it, and ask again, until `close`. */
  open(): void {
    if (this.timer !== null) return;
    const poll = async () => {
      await this.look();
      if (this.timer !== null) this.timer = setTimeout(() => void poll(), POLL_EVERY_MS);
    };
    this.timer = setTimeout(() => void poll(), 0);
  }

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private async look(): Promise<void> {
    const read = (answer: Response) => (answer.status === 404 ? NONE : json<Report>(answer));
    const answer = await ask(`status.json${location.search}`, {}, async (a) => read(a), TIMEOUT_MS);
    if (answer === null || answer === NONE) return this.showTrouble(answer === NONE);
    this.report = answer;
    show(this.trouble, false);
    setText(this.trouble, "");
    this.draw();
  }

  /** Warn that the content below may be old, in words that do not change while it lasts. */
  private showTrouble(none: boolean): void {
    const since = this.report ? [this.t("trouble.old", { time: clockTime(this.report.now) })] : [];
    setText(this.trouble, joined(this.t, this.t(none ? "trouble.none" : "trouble"), ...since));
    show(this.trouble, true);
    this.drawStatusLine(true);
  }

  private draw(): void {
    if (!this.report) return;
    const now = this.report;
    this.drawStatusLine(false);
    this.drawFacts(now);
    this.drawStations(now);
    this.sources.draw(now.sources);
    this.stages.draw(now.stages);
    this.drops.draw(Object.entries(now.dropped));
  }

  private drawStatusLine(lost: boolean): void {
    const { well, text } = statusLine(this.t, this.report, lost);
    setText(this.line, text);
    this.line.dataset["well"] = `${well}`;
  }

  private drawFacts(now: Report): void {
    this.drawProblems(now);
    const counting = now.stations.filter((station) => station.counts).length;
    setText(
      this.facts,
      this.t("facts", {
        time: clockTime(now.now),
        duration: seconds(this.t, now.now - now.started),
        counting,
        all: now.stations.length,
        share: share(now.stations.length ? counting / now.stations.length : null),
        alerts: counted(this.t, this.alerts(now)),
        clock: this.t.term("clock", now.clock.state),
        jumps: now.clock.jumps,
      }),
    );
  }

  private drawProblems(now: Report): void {
    const text = now.problems.join("\n");
    if (text === this.listed) return;
    replace(
      this.list,
      ...problems(this.t, now.problems).map((line) =>
        h("li", {}, ...line.map((part) => this.partElement(part))),
      ),
    );
    this.listed = text;
  }

  private partElement({ text, english }: Part): Node | string {
    return english && this.t.language !== "en" ? h("span", { lang: "en" }, text) : text;
  }

  /** {"new actual": 3} in the page's language. */
  private alerts(now: Report): Record<string, number> {
    const named: Record<string, number> = {};
    for (const [alert, n] of Object.entries(now.alerts)) {
      const [kind, mode] = alert.split(" ");
      named[`${this.t.term("alert", kind!)} ${this.t.term("mode", mode ?? "")}`] = n;
    }
    return named;
  }

  private drawStations(now: Report): void {
    const wanted = this.filter.value.trim().toUpperCase();
    const rows = now.stations.filter(
      (row) => row.code.includes(wanted) && !(this.onlyAway.checked && row.counts),
    );
    setText(this.found, this.t("found", { n: rows.length, all: now.stations.length }));
    this.stations.draw(rows);
  }
}
