import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { travelTimes } from "../../core/forecast/travel_times";

const published = new URL("../../../tests/reference/travel_times_iasp91.json", import.meta.url);

it("is the table that the server publishes", () => {
  expect(travelTimes()).toEqual(JSON.parse(readFileSync(published, "utf-8")));
});
