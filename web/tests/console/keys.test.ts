import { describe, expect, it } from "vitest";
import { commandOf } from "../../console/keys";

describe("keys", () => {
  const press = (key: string, change = {}) => ({
    ...{ key, ctrlKey: false, metaKey: false, altKey: false },
    ...change,
  });

  it("reach the cancel by one, and do nothing while somebody types", () => {
    expect(commandOf(press("c"), false)).toEqual({ to: "cancel" });
    expect(commandOf(press("C"), false)).toEqual({ to: "cancel" });
    expect(commandOf(press("c"), true)).toBeNull();
    expect(commandOf(press("c", { ctrlKey: true }), false)).toBeNull();
    expect(commandOf(press("x"), false)).toBeNull();
  });
});
