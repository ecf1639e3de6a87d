import { expect, it } from "vitest";
import { readHistory } from "../../core/alert/history";

const entry = { key: "e1", outcome: "passed", received: 1000, m: 6.5, t0: null };

it("keeps the entries of an earlier visit", () => {
  expect(readHistory([entry])).toEqual([entry]);
});

it.each([null, {}, "x", 5, { length: 3 }, [null], ["x"], [{}], [{ ...entry, m: "6" }]])(
  "leaves out what is no entry: %j",
  (stored) => {
    expect(readHistory(stored)).toEqual([]);
  },
);
