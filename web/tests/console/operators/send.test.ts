import { describe, expect, it } from "vitest";
import { words } from "../../../console/common/words";
import { details } from "../../../console/operators/audit_view";
import { previewOf } from "../../../console/operators/preview";
import { drillFields, isNight, isTyped, solarTime } from "../../../console/operators/proposal";
import { translator } from "../../../languages/language";
import { CODES } from "../../../languages/table";

const t = words(["en"]);
const zh = words(["zh-CN"]);

describe("sending", () => {
  it("asks for a word in the page's language, in any case", () => {
    expect(isTyped(t, "cancel", " cancel ")).toBe(true);
    expect(isTyped(t, "drill", "cancel")).toBe(false);
    expect(isTyped(t, "cancel", "")).toBe(false);
    expect(isTyped(zh, "cancel", "取消")).toBe(true);
  });

  it.each([
    ["tr", "iptal", "İPTAL"],
    ["el", "ακύρωση", "ΑΚΥΡΩΣΗ"],
    ["ar", "الغاء", "إلغاء"],
  ])("takes the word in %s as a keyboard gives it", (code, typed, shown) => {
    expect(words([code])("send.word.cancel")).toBe(shown);
    expect(isTyped(words([code]), "cancel", typed)).toBe(true);
    expect(isTyped(words([code]), "drill", typed)).toBe(false);
  });

  it("takes the numbers of a drill that the server takes", () => {
    const good = { lat: "30.66", lon: "104.06", seconds: "20", magnitude: "7.3" };
    expect(drillFields(good)).toEqual({ lat: 30.66, lon: 104.06, seconds: 20, magnitude: 7.3 });
    for (const wrong of [
      { lat: "" },
      { lat: "86" },
      { lon: "x" },
      { seconds: "121" },
      { magnitude: "3" },
    ])
      expect(drillFields({ ...good, ...wrong })).toBeNull();
  });

  it("knows the night at a place", () => {
    const noon = Date.UTC(2030, 0, 1, 12);
    expect(solarTime(0, noon)).toBe("12:00");
    expect(solarTime(135, noon)).toBe("21:00");
    expect(["20:59", "21:00", "07:59", "08:00"].map(isNight)).toEqual([false, true, true, false]);
  });

  it("shows the words that the pages show, a drill as a drill", () => {
    for (const code of CODES) {
      const say = translator(code);
      expect(previewOf("drill", say).drill).toBe(true);
      expect(previewOf("cancel", say).drill).toBe(false);
      expect(previewOf("cancel", say).title).toBe(say("cancelled.title"));
      for (const action of ["cancel", "drill"] as const)
        expect(previewOf(action, say).action[0]).toBeTruthy();
    }
  });
});

describe("the audit log", () => {
  it("show what else an audit line has", () => {
    const line = { time: "t", what: "propose", who: "anna", before: "x", id: "p1", lat: 3 };
    expect(details(line)).toBe("id p1, lat 3");
  });
});
