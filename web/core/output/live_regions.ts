/**
 * The two hidden regions that screen readers read aloud. A text stays there only while it is true:
 * a reader that returns to it later must not read of a countdown or a connection that is over.
 */

import type { Utterance } from "../alert/effects";
import type { Quake, State } from "../alert/model";
import { isUnable, whyUnable } from "../stream/server";
import { type Announcement, Announcer, APART_MS } from "./announce";

export interface Regions {
  live: Pick<HTMLElement, "textContent">;
  polite: Pick<HTMLElement, "textContent">;
}

interface Shown extends Announcement {
  since: number;
}

/** Announcements about this page; all others are about an earthquake. */
const OF_PAGE: { [utterance in Utterance]?: (state: State) => boolean } = {
  lost: (state) => state.lost,
  untrusted: (state) => state.untrusted?.why === "key",
  unverified: (state) => state.untrusted?.why === "signature",
  drills: (state) => state.drillsOnly,
  drillServer: (state) => state.server?.state === "drill",
  test: (state) => state.server?.state === "test",
  "unable.source": (state) => lacks(state, "unable.source"),
  "unable.station": (state) => lacks(state, "unable.station"),
  "unable.other": (state) => lacks(state, "unable.other"),
};

function lacks({ server }: State, utterance: Utterance): boolean {
  return server !== null && isUnable(server) && whyUnable(server) === utterance;
}

export function isOfPage(utterance: Utterance): boolean {
  return utterance in OF_PAGE;
}

/** What of a quake its texts depend on: a count may end while the warning stands. */
export function aspect({ phase, arrived }: Quake): string {
  const coming = phase === "countdown" || phase === "imminent";
  return `${coming ? "coming" : phase} ${arrived ?? false}`;
}

function isTrue(announcement: Announcement, state: State): boolean {
  const ofPage = OF_PAGE[announcement.utterance];
  if (ofPage) return ofPage(state);
  const visible = announcement.quake === state.shown || announcement.quake === state.banner;
  const quake = state.quakes.find((one) => one.key === announcement.quake);
  return visible && quake !== undefined && aspect(quake) === announcement.aspect;
}

export class LiveRegions {
  private readonly announcer = new Announcer();
  private readonly shown: { [name in keyof Regions]?: Shown } = {};

  constructor(private readonly regions: Regions) {}

  say(announcement: Announcement, politely: boolean, now: number): void {
    if (politely) this.put("polite", announcement, now);
    else this.announcer.urgent(announcement);
  }

  /** Empties what is no longer true, and announces what is due. now: ms of a steady clock. */
  draw(state: State, now: number): void {
    for (const name of ["live", "polite"] as const) {
      const shown = this.shown[name];
      const old = shown?.counts && now - shown.since >= APART_MS;
      if (shown && (old || !isTrue(shown, state))) this.empty(name);
    }
    const due = this.announcer.take(now);
    if (due && isTrue(due, state)) this.put("live", due, now);
  }

  private put(name: keyof Regions, announcement: Announcement, now: number): void {
    this.shown[name] = { ...announcement, since: now };
    this.regions[name].textContent = announcement.text;
  }

  private empty(name: keyof Regions): void {
    delete this.shown[name];
    this.regions[name].textContent = "";
  }
}
