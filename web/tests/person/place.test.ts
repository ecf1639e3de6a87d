import { describe, expect, it } from "vitest";
import {
  findTowns,
  isLatin,
  placeInAddress,
  readPlace,
  type Town,
  townPlace,
} from "../../core/person/place";
import { PLACE } from "../examples";

describe("the place", () => {
  it("may come after # or after ?", () => {
    const school = { name: "School", lat: 30.5, lon: 104.25, accuracyKm: 1 };
    expect(placeInAddress("", "#lat=30.5&lon=104.25&name=School")).toEqual(school);
    expect(placeInAddress("?lat=30.5&lon=104.25&name=School", "")).toEqual(school);
    expect(placeInAddress("?lat=30.5&lon=104.25", "")!.name).toBe("30.50, 104.25");
  });
  it.each(["?lat=91&lon=0", "?lat=x&lon=0", "?lat=&lon=", "?lat=3", ""])(
    "%s is none",
    (address) => {
      expect(placeInAddress(address, "")).toBeNull();
    },
  );
  it("that was stored is checked", () => {
    expect(readPlace(PLACE)).toEqual(PLACE);
    for (const bad of [null, 7, {}, { ...PLACE, lat: 99 }, { ...PLACE, name: 1 }]) {
      expect(readPlace(bad)).toBeNull();
    }
  });
  it("is found by the beginning of its name, the largest first", () => {
    const towns: Town[] = [
      ["León", 21.1, -101.7, 1_500_000, "MX"],
      ["Leonding", 48.3, 14.2, 28_000, "AT"],
      ["Lima", -12, -77, 9_000_000, "PE"],
    ];
    expect(findTowns(towns, " leon").map((town) => town[0])).toEqual(["León", "Leonding"]);
    expect(findTowns(towns, "")).toEqual([]);
    expect(townPlace(towns[0]!, "León").accuracyKm).toBe(5);
  });
  it("is found in the script of its reader too, and each town once", () => {
    const towns: Town[] = [
      ["Chengdu", 30.67, 104.06, 13_000_000, "CN", { Hans: "成都", Arab: "تشنغدو" }],
      ["Chengdu", 30.667, 104.067, 13_000_000, "CN"],
      ["Cairo", 30.06, 31.25, 9_600_000, "EG", { Arab: "القاهرة" }],
    ];
    expect(findTowns(towns, "成")).toEqual([towns[0]]);
    expect(findTowns(towns, "cheng")).toEqual([towns[0]]);
    expect(findTowns(towns, "القا")).toEqual([towns[2]]);
    expect(["leon", "León", "Şanlıurfa", "Thành"].map(isLatin)).not.toContain(false);
    expect(["成都", "القاهرة", "Αθήνα"].map(isLatin)).not.toContain(true);
  });
});
