/** What the map shows: all stations, then each new event as its P wave grows, until somebody moves it. */

import type { Point } from "../../core/forecast/distance";
import { reachKm, type TravelTimes } from "../../core/forecast/travel_time";
import type { Board } from "../feed/board";
import { around, fit, type View, zoomed } from "./map_view";

const EVENT_KM = 60;
/** By which the view grows with the P wave: each step draws the ground anew. */
const GROWTH = 1.5;

export class FollowedView {
  /** null: no stations are known yet. */
  view: View | null = null;
  /** The middle of the network. */
  middle: Point = { lat: 0, lon: 0 };
  private moved = false;
  private followed = "";
  private network = 0;

  constructor(private readonly board: Board) {}

  /** now: server ms. Without a table only the stations are followed. */
  follow(table: TravelTimes | null, now: number): void {
    this.followNetwork();
    if (table && !this.moved) this.followEvent(table, now);
  }

  showAll(): void {
    this.moved = false;
    this.followed = "";
    this.view = fit(this.board.stations);
  }

  /** By the person. */
  change(view: View): void {
    this.moved = true;
    this.view = view;
  }

  /** factor: above 1 nearer. */
  zoom(factor: number): void {
    if (this.view) this.change(zoomed(this.view, factor));
  }

  /** Shows everything when the stations are known, and again when they are others. */
  private followNetwork(): void {
    const { network, stations } = this.board;
    if (network === this.network) return;
    this.network = network;
    if (stations.length === 0) return;
    this.showAll();
    this.middle = this.view?.centre ?? this.middle;
  }

  /** Looks at an event once for each step of its P wave and place of its source. */
  private followEvent(table: TravelTimes, now: number): void {
    const event = this.board.main;
    if (!event || event.gone !== null) return;
    const { last } = event;
    const km = reachKm(table, "p", (now - last.t0) / 1000, last.depthKm);
    const step = Math.ceil(Math.log(Math.max(EVENT_KM, km) / EVENT_KM) / Math.log(GROWTH));
    const key = [event.id, step, last.lat.toFixed(1), last.lon.toFixed(1)].join();
    if (key === this.followed) return;
    this.followed = key;
    const whole = fit(this.board.stations);
    const near = around(last, this.board.stations, EVENT_KM * GROWTH ** step);
    this.view = near.radiusKm < whole.radiusKm ? near : whole;
  }
}
