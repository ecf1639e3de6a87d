import { describe, expect, it } from "vitest";
import { felt } from "../../../core/alert/history";
import { shownQuake } from "../../../core/alert/quake";
import { run, send } from "../../simulate";

describe("leaving a drill", () => {
  const leave = { type: "leave" } as const;
  const shownAt = (events: Parameters<typeof run>[0], until = 4) => {
    const steps = run(events, {}, until);
    return steps[steps.length - 1]!.state;
  };

  it("ends it at once and quietly, and no version of it comes back", () => {
    const drill = { mode: "drill" };
    const steps = run(
      [
        [0, send(drill)],
        [2, leave],
      ],
      {},
      3,
    );
    expect(steps.find(({ event }) => event.type === "leave")!.effects).toEqual([{ do: "quiet" }]);
    const again = send({ ...drill, n: 2, m: 8.5 });
    const state = shownAt([
      [0, send(drill)],
      [2, leave],
      [3, again],
    ]);
    expect(shownQuake(state)).toBeNull();
    expect(state.history[0]!.mode).toBe("drill");
  });

  it("does nothing to what is real", () => {
    expect(
      shownQuake(
        shownAt([
          [0, send()],
          [2, leave],
        ]),
      ),
    ).not.toBeNull();
  });
});

it("keeps in the history how strong the person felt it", () => {
  const entries = [
    { key: "a", outcome: "passed", received: 0 },
    { key: "b", outcome: "passed", received: 0 },
  ];
  expect(felt(entries, "b", 6).map((entry) => entry.felt)).toEqual([undefined, 6]);
});
