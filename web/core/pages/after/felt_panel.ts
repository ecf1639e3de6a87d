/** "I felt it": what the person felt of the last earthquake, and what others felt, in sum. */

import type { Entry } from "../../alert/model";
import { cellOf } from "../../background/push_service";
import type { Device } from "../../device/device";
import { h, replace, show } from "../../drawing/dom";
import type { Panel } from "../../drawing/panel";
import { distanceKm } from "../../forecast/distance";
import { type FeltCell, feltCells, sendFelt } from "../../person/reports";
import { direction, intensityText } from "../../words/facts";

/** MMI of the answers: what people and things do, in the words of the scale. */
const ANSWERS = [1, 3, 4, 5, 6, 7, 8, 9] as const;
const RECENT_MS = 3_500_000; // the service takes reports for an hour
const HOURS = 2;
const MOST_CELLS = 10;

export class FeltPanel implements Panel {
  readonly element = h("section", { class: "card felt" });
  private readonly said = h("p", { role: "status" });
  private readonly others = h("div", {});
  private drawn = "";

  constructor(private readonly device: Device) {}

  draw(): void {
    const entry = this.entry();
    show(this.element, entry !== null);
    const { language } = this.device;
    const drawn = `${language} ${entry?.key} ${entry?.felt} ${this.device.scale()}`;
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    if (entry) this.build(entry);
  }

  /** The newest earthquake of the last hour that stands. */
  private entry(): Entry | null {
    const { state } = this.device;
    const now = this.device.now();
    const stands = (one: Entry) => one.sArrival !== undefined && one.outcome !== "cancelled";
    const found = state.history.find(stands);
    const arrived = found && now >= found.sArrival! && now - found.sArrival! < RECENT_MS;
    return arrived ? found : null;
  }

  private build(entry: Entry): void {
    const { t } = this.device;
    const scale = this.device.scale();
    const answers = ANSWERS.map((mmi) => {
      const answer = () => void this.answer(entry, mmi);
      return h("button", { type: "button", class: "quiet", onclick: answer }, t(`felt.${mmi}`));
    });
    const done = entry.felt !== undefined;
    const own = done ? t("felt.own", { intensity: intensityText(entry.felt, t, scale) }) : "";
    const ask = h("button", { type: "button", class: "quiet" }, t("felt.others"));
    ask.addEventListener("click", () => void this.ask());
    replace(
      this.element,
      h("h2", {}, t("felt")),
      h("p", { class: "small" }, t("felt.about")),
      done ? h("p", {}, own) : h("div", { class: "felt-answers" }, ...answers),
      this.said,
      ask,
      this.others,
    );
  }

  private async answer(entry: Entry, mmi: number): Promise<void> {
    const { t } = this.device;
    const place = this.device.place;
    this.device.dispatch({ type: "felt", key: entry.key, mmi });
    // In a drill nothing was felt: what is practised is not counted.
    const drill = entry.mode === "drill";
    const sent = !drill && place !== null && (await sendFelt(entry, place, mmi));
    this.said.textContent = t(drill ? "felt.drill" : sent ? "felt.sent" : "felt.unsent");
  }

  private async ask(): Promise<void> {
    const { t } = this.device;
    const cells = await feltCells(HOURS);
    if (!cells || cells.length === 0) {
      replace(this.others, h("p", { role: "status" }, t(cells ? "felt.few" : "felt.unknown")));
      return;
    }
    const { place } = this.device;
    const own = place && cells.find(({ cell }) => cell === cellOf(place));
    const rows = cells.slice(0, MOST_CELLS).map((one) => this.row(one));
    const head = [t("felt.area"), t("felt.reports"), t("felt.strength")];
    replace(
      this.others,
      own ? h("p", { role: "status" }, t("felt.here", this.slots(own))) : null,
      h(
        "table",
        { class: "list" },
        h("thead", {}, h("tr", {}, ...head.map((text) => h("th", { scope: "col" }, text)))),
        h("tbody", {}, ...rows),
      ),
    );
  }

  private slots({ reports: n, mmi }: FeltCell): { n: number; intensity: string } {
    const { t } = this.device;
    return { n, intensity: intensityText(mmi, t, this.device.scale()) };
  }

  private row(cell: FeltCell): HTMLElement {
    const { n, intensity } = this.slots(cell);
    const cells = [this.where(cell), `${n}`, intensity];
    return h("tr", {}, ...cells.map((text) => h("td", {}, text)));
  }

  private where({ centre }: FeltCell): string {
    const { t, place } = this.device;
    if (!place) return `${centre.lat.toFixed(1)}, ${centre.lon.toFixed(1)}`;
    const km = Math.round(distanceKm(place, centre));
    return t("from.here", { km, direction: direction(place, centre, t) });
  }
}
