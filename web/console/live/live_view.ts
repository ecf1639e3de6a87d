/** LIVE: event, map, record section and messages, drawn as often as each needs. */

import { h } from "../../core/drawing/dom";
import type { TravelTimes } from "../../core/forecast/travel_time";
import { type Palette, palette } from "../common/palette";
import type { Words } from "../common/words";
import type { Board } from "../feed/board";
import type { History } from "../feed/history";
import { EventCard } from "./event_card";
import { legend } from "./legend";
import { MapPanel } from "./map_panel";
import { MessagesPanel } from "./messages_panel";
import { SectionPanel } from "./section_panel";
import { asOf } from "./texts";
import { VersionsPanel } from "./versions_panel";

/** ms between two drawings of each part. Thirty pictures a second are smooth; more would only cost. */
const EVERY_MS = { map: 30, section: 100, texts: 500, tables: 1000 };
type Part = keyof typeof EVERY_MS;
/** Without motion on the screen, where the device asks for that. */
const CALM_MS = 1000;

export class LiveView {
  readonly element: HTMLElement;
  table: TravelTimes | null = null;
  private readonly card: EventCard;
  private readonly map: MapPanel;
  private readonly section: SectionPanel;
  private readonly messages: MessagesPanel;
  private readonly versions: VersionsPanel;
  private colours: Palette | null = null;
  /** Steady ms from which each part is drawn again. */
  private due: Partial<Record<Part, number>> = {};
  private readonly calm = matchMedia("(prefers-reduced-motion: reduce)");

  constructor(
    private readonly t: Words,
    private readonly board: Board,
    private readonly history: () => History,
  ) {
    const again = () => this.redraw();
    this.card = new EventCard(t);
    this.map = new MapPanel(t, board, again);
    this.section = new SectionPanel(t, board, again);
    this.messages = new MessagesPanel(t, board, again);
    this.versions = new VersionsPanel(t, board);
    this.element = h(
      "div",
      { class: "live" },
      this.card.element,
      this.map.element,
      this.section.element,
      this.messages.element,
      legend(t),
      this.versions.element,
    );
  }

  /** Pictures of the map so far. */
  get drawn(): number {
    return this.map.drawn;
  }

  /** Colours have changed, or the size, or what is shown. */
  redraw(): void {
    this.colours = null;
    this.due = {};
  }

  focusMap(): void {
    this.map.focus();
  }

  togglePeak(): void {
    this.map.togglePeak();
  }

  /** Draws what is due. now: server ms; at: steady ms. */
  draw(now: number, at: number): void {
    this.map.view.follow(this.table, now);
    this.colours ??= palette(this.element);
    const slow = this.calm.matches ? CALM_MS : 0;
    if (!this.map.asTable && this.isDue("map", at, slow))
      this.map.draw(this.table, now, this.colours);
    if (!this.section.asTable && this.isDue("section", at, slow)) this.drawSection(now);
    if (this.isDue("texts", at)) this.drawTexts(now);
    if (this.isDue("tables", at)) this.drawTables();
  }

  /** Whether the part is to be drawn; then it is due again later, after `least` ms at least. */
  private isDue(part: Part, at: number, least = 0): boolean {
    if (at < (this.due[part] ?? 0)) return false;
    this.due[part] = at + Math.max(least, EVERY_MS[part]);
    return true;
  }

  private drawSection(now: number): void {
    this.section.draw({
      ...{ history: this.history(), event: this.board.main, middle: this.map.view.middle },
      ...{ table: this.table, now, palette: this.colours! },
    });
  }

  private drawTexts(now: number): void {
    const { t, board } = this;
    const event = board.main;
    const others = board.events.length - (event ? 1 : 0);
    this.card.draw(event, others, this.table, now, event ? asOf(t, event.last.at, now) : "");
    this.map.drawTexts(asOf(t, board.now, now));
    this.section.drawTexts();
  }

  private drawTables(): void {
    this.map.drawTable();
    this.section.drawTable();
    this.messages.draw();
    this.versions.drawTable();
  }
}
