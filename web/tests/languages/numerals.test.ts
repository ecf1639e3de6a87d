import { expect, it, vi } from "vitest";
import { measure } from "../../languages/numerals";

it("writes a measure as the language does, with its digits", () => {
  expect(measure(10, "second", "en")).toBe("10 sec");
  expect(measure(100, "kilometer", "en")).toBe("100 km");
  expect(measure(5, "minute", "zh-CN")).toBe("5分钟");
  expect(measure(100, "kilometer", "ar")).toMatch(/^١٠٠.كم$/);
});

it("is in Latin letters where the browser knows no units", () => {
  const format = vi.spyOn(Intl, "NumberFormat").mockImplementation(() => {
    throw new RangeError("style");
  });
  expect(measure(100, "kilometer", "ar")).toBe("١٠٠ km");
  format.mockRestore();
});
