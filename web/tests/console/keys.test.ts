import { describe, expect, it } from "vitest";
import { commandOf } from "../../console/keys";

describe("keys", () => {
  const press = (key: string, change = {}) => ({
    ...{ key, code: "", ctrlKey: false, metaKey: false, altKey: false },
    ...change,
  });

  it("reach the cancel by one, and do nothing while somebody types", () => {
    expect(commandOf(press("c"), false)).toEqual({ to: "cancel" });
    expect(commandOf(press("C"), false)).toEqual({ to: "cancel" });
    expect(commandOf(press("c"), true)).toBeNull();
    expect(commandOf(press("c", { ctrlKey: true }), false)).toBeNull();
    expect(commandOf(press("x"), false)).toBeNull();
  });

  it("are the same keys where the layout has other letters and digits on them", () => {
    expect(commandOf(press("ؤ", { code: "KeyC" }), false)).toEqual({ to: "cancel" });
    expect(commandOf(press("۱", { code: "Digit1" }), false)).toEqual({ to: "live" });
    expect(commandOf(press("؟", { code: "Slash" }), false)).toEqual({ to: "help" });
    expect(commandOf(press("j", { code: "KeyC" }), false)).toBeNull(); // Dvorak
  });
});
