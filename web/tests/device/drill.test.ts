import { expect, it } from "vitest";
import { drillMessage } from "../../core/device/drill";
import { forecast } from "../../core/forecast/forecast";
import { PLACE, straightRays, T0 } from "../examples";

it("the drill leaves 12 seconds, and is very strong or strong", () => {
  const made = drillMessage(PLACE, straightRays(), T0);
  const seen = forecast(made, PLACE, straightRays())!;
  expect(Math.floor((seen.sArrival - T0) / 1000)).toBe(12);
  expect(seen.mmi).toBeGreaterThan(5);
  expect(made.mode).toBe("drill");
});
