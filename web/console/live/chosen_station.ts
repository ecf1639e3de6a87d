/** The station that the person has chosen on the map, in words. */

import { h, setText } from "../../core/drawing/dom";
import type { Words } from "../common/words";
import type { Board, SeenStation } from "../feed/board";
import type { PeakChoice } from "./peak_choice";
import { intensity } from "./texts";

export class ChosenStation {
  readonly element = h("p", { id: "chosen", role: "status" });
  /** null: none. */
  row: number | null = null;

  constructor(
    private readonly t: Words,
    private readonly board: Board,
    private readonly shown: PeakChoice,
  ) {}

  select(row: number | null): void {
    this.row = row;
    this.draw();
  }

  /** The next station by intensity, the strongest first. */
  step(step: 1 | -1): void {
    const value = (station: SeenStation) => this.level(station) ?? 0;
    const order = [...this.board.stations].sort((a, b) => value(b) - value(a) || a.row - b.row);
    const at = order.findIndex((station) => station.row === this.row);
    const next = order[at < 0 ? 0 : (at + step + order.length) % order.length];
    this.select(next?.row ?? null);
  }

  draw(): void {
    const station = this.row === null ? undefined : this.board.stations[this.row];
    const text = station
      ? this.t("map.chosen", {
          code: station.code,
          level: intensity(this.level(station)),
          condition: this.t.term("station", station.condition),
        })
      : "";
    setText(this.element, text);
  }

  private level({ peak, level }: SeenStation): number | null {
    return this.shown.peak ? peak : level;
  }
}
