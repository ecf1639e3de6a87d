import { expect, it } from "vitest";
import { overlayIn } from "../../tv/overlay";

it.each([
  ["", "", null],
  ["?overlay", "", "sounding"],
  ["?overlay=1&x=2", "#lat=1&lon=2", "sounding"],
  ["?overlay=silent", "#lat=1&lon=2", "silent"],
  ["", "#overlay=silent&lat=1&lon=2", "silent"],
  ["?overlays", "", null],
  ["", "#lat=1&lon=2&name=overlay", null],
] as const)("the address %s%s asks for the overlay: %s", (search, hash, wanted) => {
  expect(overlayIn(search, hash)).toBe(wanted);
});
