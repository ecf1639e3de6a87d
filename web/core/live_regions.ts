/**
 * The two hidden regions that screen readers speak from. A text stays there only while it is true:
 * a reader that comes back to it later must not read of a countdown or a connection that is over.
 */

import { Announcer, APART_MS, type Told } from "./announce";
import type { Said } from "./effects";
import type { Quake } from "./quake";
import { isUnable, whyUnable } from "./server";
import type { State } from "./state";

export interface Regions {
  live: Pick<HTMLElement, "textContent">;
  polite: Pick<HTMLElement, "textContent">;
}

interface Shown extends Told {
  since: number;
}

/** What is said of this page; all else is said of an earthquake. */
const OF_PAGE: { [said in Said]?: (state: State) => boolean } = {
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

function lacks({ server }: State, said: Said): boolean {
  return server !== null && isUnable(server) && whyUnable(server) === said;
}

export function isOfPage(said: Said): boolean {
  return said in OF_PAGE;
}

/** What of a quake its texts depend on: a count may end while the warning stands. */
export function aspect({ phase, arrived }: Quake): string {
  const coming = phase === "countdown" || phase === "imminent";
  return `${coming ? "coming" : phase} ${arrived ?? false}`;
}

function isTrue(told: Told, state: State): boolean {
  const ofPage = OF_PAGE[told.said];
  if (ofPage) return ofPage(state);
  const visible = told.quake === state.shown || told.quake === state.banner;
  const quake = state.quakes.find((one) => one.key === told.quake);
  return visible && quake !== undefined && aspect(quake) === told.aspect;
}

export class LiveRegions {
  private readonly announcer = new Announcer();
  private readonly shown: { [name in keyof Regions]?: Shown } = {};

  constructor(private readonly regions: Regions) {}

  say(told: Told, politely: boolean, now: number): void {
    if (politely) this.put("polite", told, now);
    else this.announcer.urgent(told);
  }

  /** Empties what is no longer true, and says what is due. now: ms of a steady clock. */
  draw(state: State, now: number): void {
    for (const name of ["live", "polite"] as const) {
      const shown = this.shown[name];
      const old = shown?.counts && now - shown.since >= APART_MS;
      if (shown && (old || !isTrue(shown, state))) this.empty(name);
    }
    const due = this.announcer.take(now);
    if (due && isTrue(due, state)) this.put("live", due, now);
  }

  private put(name: keyof Regions, told: Told, now: number): void {
    this.shown[name] = { ...told, since: now };
    this.regions[name].textContent = told.text;
  }

  private empty(name: keyof Regions): void {
    delete this.shown[name];
    this.regions[name].textContent = "";
  }
}
