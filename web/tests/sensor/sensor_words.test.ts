import { describe, expect, it } from "vitest";
import { withDigits } from "../../languages/numerals";
import { CODES } from "../../languages/table";
import { type SensorKey, sensorLanguage, sensorText } from "../../sensor/words";

describe("the sensor page's words", () => {
  it("are in the device's language, else English", () => {
    expect(sensorLanguage(["zh"])).toBe("zh-CN");
    expect(sensorLanguage(["tlh"])).toBe("en");
  });

  it("fill their holes", () => {
    for (const language of CODES) {
      expect(sensorText(language, "sent" satisfies SensorKey, { n: 3 })).toContain(
        withDigits(3, language),
      );
    }
  });
});
