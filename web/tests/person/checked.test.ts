import { expect, it } from "vitest";
import { readResults } from "../../core/person/checked";

it("takes back results that were stored, and nothing else", () => {
  const results = { sound: { works: true, at: 5 }, push: { works: true, at: 6, took: 800 } };
  expect(readResults(JSON.parse(JSON.stringify(results)))).toEqual(results);
  expect(readResults({ sound: { works: 1, at: 5 }, other: { works: true, at: 1 } })).toEqual({});
  expect(readResults("x")).toEqual({});
});
