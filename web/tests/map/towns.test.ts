import { describe, expect, it } from "vitest";
import type { Region } from "../../core/map/ground";
import { projection } from "../../core/map/projection";
import type { Label } from "../../core/map/region";
import { nameIn, nearestTown, townsIn } from "../../core/map/towns";

const chengdu: Label = [
  "Chengdu",
  30.67,
  104.07,
  20_937_757,
  "CN",
  { Hans: "成都", Arab: "تشنغدو" },
];
const tokyo: Label = [
  "Tokyo",
  35.69,
  139.69,
  9_733_276,
  "JP",
  { Hans: "东京", Hant: "東京", Jpan: "東京" },
];

it("names a town in the script of the reader, else in Latin letters", () => {
  expect(nameIn("zh-CN", chengdu)).toBe("成都");
  expect(nameIn("zh-TW", chengdu)).toBe("成都");
  expect(nameIn("fa", chengdu)).toBe("تشنغدو");
  expect(nameIn("el", chengdu)).toBe("Chengdu");
  expect(["zh-CN", "zh-TW", "ja", "tr"].map((code) => nameIn(code, tokyo))).toEqual([
    "东京",
    "東京",
    "東京",
    "Tokyo",
  ]);
});

it("lists those on the map, the largest first", () => {
  const map = projection({
    ...{ centre: { lat: 30.6, lon: 104 }, radiusKm: 100 },
    ...{ width: 100, height: 100 },
  });
  const small: Label = ["Pi", 30.8, 103.9, 1000, "CN"];
  const region = { lon: 100, lat: 30, name: "n30e100", layers: {}, parts: 1000, relief: null };
  const regions: Region[] = [{ ...region, towns: [small, tokyo, chengdu] }];
  expect(townsIn(map, regions, "en").map(({ name }) => name)).toEqual(["Chengdu", "Pi"]);
});

it("leaves out the provinces that some names carry", () => {
  expect(nameIn("en", ["Mianzhu, Deyang, Sichuan", 31.3, 104.2, 90_000, "CN"])).toBe("Mianzhu");
});

describe("the nearest town", () => {
  const towns: Label[] = [
    ["Far", 31, 104, 900_000, "CN"],
    ["Near", 30.1, 103, 5_000, "CN", { Hans: "近" }],
  ];
  it("is the nearest, not the largest, in the reader's script", () => {
    const found = nearestTown({ lat: 30, lon: 103 }, towns, "zh-CN");
    expect(found?.name).toBe("近");
    expect(found?.km).toBeCloseTo(11.1, 1);
  });
  it("is none where all are far", () => {
    expect(nearestTown({ lat: 0, lon: 0 }, towns, "en")).toBeNull();
  });
});
