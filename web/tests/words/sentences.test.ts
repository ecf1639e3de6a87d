import { expect, it } from "vitest";
import { sentences } from "../../core/words/sentences";

it("has the stop of the language between two sentences", () => {
  expect(sentences("Reconnecting", "Use phone alerts.")).toBe("Reconnecting. Use phone alerts.");
  expect(sentences("正在重新连接", "请使用手机预警。")).toBe("正在重新连接。请使用手机预警。");
  expect(sentences("पुनः जोड़ रहे हैं", "फ़ोन देखें।")).toBe("पुनः जोड़ रहे हैं। फ़ोन देखें।");
});
