import { describe, expect, it } from "vitest";
import { DEFAULTS, profileNow, readSettings } from "../../core/alert/settings";

describe("settings", () => {
  it("that were stored are checked one by one", () => {
    const stored = {
      sound: "loud",
      volume: 0,
      alertFrom: 7,
      theme: "dark",
      noticeFrom: null,
      tick: 1,
    };
    expect(readSettings(stored)).toEqual({ ...DEFAULTS, theme: "dark", noticeFrom: null });
    expect(readSettings("nonsense")).toEqual(DEFAULTS);
  });
});

describe("what the person is doing now", () => {
  it("counts until it is over, and then who they are", () => {
    const settings = readSettings({ profile: "wheelchair", quick: "driving", quickUntil: 1000 });
    expect(profileNow(settings, 999)).toBe("driving");
    expect(profileNow(settings, 1000)).toBe("wheelchair");
    expect(readSettings({ quick: "flying" }).quick).toBeNull();
  });
});
