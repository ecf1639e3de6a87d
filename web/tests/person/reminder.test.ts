import { describe, expect, it } from "vitest";
import { REMIND_HOURS, readSettings } from "../../core/alert/settings";
import { isDue, lastDue } from "../../core/person/reminder";

const at = (month: number, day: number, hour: number) =>
  new Date(2026, month - 1, day, hour, 30).getTime();
const monthly = { day: 10, hour: 15 } as const;

describe("the monthly drill", () => {
  it("is due from its day and hour on, until it was practised", () => {
    expect(isDue(monthly, 0, at(3, 10, 15))).toBe(true);
    expect(isDue(monthly, at(3, 1, 12), at(3, 10, 14))).toBe(false);
    expect(isDue(monthly, at(3, 1, 12), at(3, 10, 16))).toBe(true);
    expect(isDue(monthly, at(3, 10, 16), at(3, 30, 16))).toBe(false);
    expect(isDue(monthly, at(3, 10, 16), at(4, 12, 9))).toBe(true);
    expect(lastDue(monthly, at(1, 5, 12))).toBe(new Date(2025, 11, 10, 15).getTime());
  });

  it("never reminds at night", () => {
    for (const hour of [0, 7, 21, 23]) expect(isDue(monthly, 0, at(3, 20, hour))).toBe(false);
    expect(REMIND_HOURS.every((hour) => hour >= 8 && hour < 21)).toBe(true);
    expect(readSettings({ monthly: { day: 10, hour: 3 } }).monthly).toBeNull();
    expect(readSettings({ monthly }).monthly).toEqual(monthly);
  });
});
