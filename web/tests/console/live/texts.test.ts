import { describe, expect, it } from "vitest";
import { classIndex } from "../../../console/common/palette";
import { words } from "../../../console/common/words";
import type { MessageWire } from "../../../console/feed/wire";
import { pointText } from "../../../console/live/event_card";
import { afterFirst, intensity, messageText, percent } from "../../../console/live/texts";

const NOW = 1_790_000_000_000;
const t = words(["en"]);
const zh = words(["zh-CN"]);

const message = (change: Partial<MessageWire> = {}): MessageWire => ({
  ...{ id: "e.1", event: "e", n: 1, kind: "new", mode: "actual", level: "action", why: null },
  ...{ issued: NOW, t0: NOW - 5000, lat: 35, lon: 135, magnitude: 6.1, intensity: 7.2 },
  ...{ stations: 4, bytes: 297, devices: 12, since_origin: 5, picked: 2 },
  lags: { evaluated: 0.002, recorded: 0.001, sent: 0.003 },
  ...change,
});

describe("the texts of the console", () => {
  it("say a message with its mode and reason", () => {
    expect(messageText(message(), t)).toBe("New alert: act");
    expect(messageText(message({ kind: "cancel", mode: "drill", why: "false" }), t)).toBe(
      "Cancel (drill): false alert",
    );
    expect(messageText(message(), zh)).toContain("新预警");
    expect(afterFirst(message())).toBe(3);
    expect(afterFirst(message({ picked: null }))).toBeNull();
  });

  it("never say that something is certain", () => {
    expect(percent(1)).toBe("> 99 %");
    expect(percent(0.5)).toBe("50 %");
    expect(intensity(null)).toBe("–");
    expect(intensity(6.6)).toBe("VII · 6.6");
    expect(pointText(-12.345, 179)).toBe("12.35° S, 179.00° E");
    expect([0, 1.4, 9.6, 12].map(classIndex)).toEqual([0, 0, 9, 9]);
  });
});
