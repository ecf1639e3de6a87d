import { describe, expect, it } from "vitest";
import { type Palette, rgb } from "../../../console/common/palette";
import { Board } from "../../../console/feed/board";
import { History, STEPS } from "../../../console/feed/history";
import { BINS, paintStrips, reach, strips } from "../../../console/section/strips";
import { CLASSES } from "../../../core/words/intensity";

const NOW = 1_790_000_000_000;

describe("the record section", () => {
  const palette = {
    ...{ classes: CLASSES.map(({ colour }) => colour), strip: "#010203", bare: "#040506" },
  } as unknown as Palette;

  function board(): Board {
    const made = new Board();
    const stations = [
      ["ST.A", 35, 135],
      ["ST.B", 36, 135],
      ["ST.C", 35.005, 135],
    ] as const;
    made.apply({ type: "hello", n: 1, now: NOW, stations });
    return made;
  }

  it("has the strongest station of a strip, the nearest at the bottom, the newest at the right", () => {
    const made = board();
    const from = { lat: 35, lon: 135 };
    const found = strips(made, from, reach(made, from));
    expect(found.farthestKm).toBe(150);
    expect(found.bin[0]).toBe(found.bin[2]);
    const history = new History(3);
    for (let n = 0; n < STEPS; n++)
      history.note(NOW + n * 500, (row) => (n === STEPS - 1 ? [5.2, 8.1, 6.9][row]! : null));
    const pixels = new Uint8ClampedArray(STEPS * BINS * 4);
    paintStrips(history, found, pixels, palette);
    const at = (strip: number, step: number) =>
      Array.from(pixels.slice(((BINS - 1 - strip) * STEPS + step) * 4).slice(0, 3));
    expect(at(found.bin[0]!, STEPS - 1)).toEqual(rgb(CLASSES[6]!.colour));
    expect(at(found.bin[1]!, STEPS - 1)).toEqual(rgb(CLASSES[7]!.colour));
    expect(at(found.bin[0]!, STEPS - 2)).toEqual([1, 2, 3]);
    expect(at(40, STEPS - 1)).toEqual([4, 5, 6]);
  });

  it("leaves out stations beyond its edge", () => {
    expect(Array.from(strips(board(), { lat: 35, lon: 135 }, 50).bin)).toEqual([0, -1, 1]);
  });
});
