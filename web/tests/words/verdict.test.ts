import { describe, expect, it } from "vitest";
import type { Entry } from "../../core/alert/model";
import { verdict } from "../../core/words/verdict";

const entry = (change: Partial<Entry>): Entry => ({
  ...{ key: "actual:e1", outcome: "passed", received: 0, mode: "actual", told: 2 },
  ...{ firstMmi: 6.2, mmi: 6 },
  ...change,
});

describe("was it right?", () => {
  it.each([
    ["right.later", {}],
    ["right.weak.later", { mmi: 7 }],
    ["right.strong.later", { mmi: 5 }],
    ["right.felt", { felt: 6, mmi: 8 }],
    ["right.weak.felt", { felt: 8 }],
    ["right.strong.felt", { felt: 4 }],
    ["right.false", { outcome: "cancelled" }],
    [null, { outcome: "cancelled", told: 0 }],
    [null, { mode: "drill" }],
    [null, { single: true }],
  ] as const)("%s", (expected, change) => {
    expect(verdict(entry(change))).toBe(expected);
    const { firstMmi: _, ...unknown } = entry({});
    expect(verdict(unknown)).toBeNull();
  });
});
