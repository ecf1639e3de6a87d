import { describe, expect, it } from "vitest";
import type { State } from "../../../core/alert/model";
import { type Context, type Event, next, start } from "../../../core/alert/state";
import { context, message, PLACE, T0 } from "../../examples";
import { all, CANCEL, FALSE, run, send } from "../../simulate";

/** M 7.7 at 31.4: MMI 6.3 at PLACE. */
const NEAR = { ...PLACE, name: "Near", lat: 31.2 };
const FAR = { ...PLACE, name: "Far", lat: 27 };
const MOVED: Event = { type: "moved" };

function play(
  ...steps: (readonly [at: number, event: Event, change?: Partial<Context>])[]
): State[] {
  let state = start();
  return steps.map(([at, event, change]) => {
    const now = T0 + 6000 + 1000 * at;
    state = next(state, event, now, context({ deviceNow: now, ...change })).state;
    return state;
  });
}

describe("a place that changes while an alert stands", () => {
  it("is judged at once: the numbers are those of the new place", () => {
    const [first, moved] = play([0, send()], [1, MOVED, { place: NEAR }]);
    expect(first!.quakes[0]).toMatchObject({ level: 2, phase: "countdown" });
    const direct = play([1, send(), { place: NEAR }])[0]!.quakes[0]!;
    expect(moved!.quakes[0]).toMatchObject({ level: direct.level, phase: direct.phase });
    expect(moved!.quakes[0]!.mmi).toBe(direct.mmi);
    expect(moved!.quakes[0]!.forecast).toEqual(direct.forecast);
  });

  it("is never called lowered, at the change or by the next version", () => {
    const far = { place: FAR };
    const [, moved, later] = play([0, send()], [1, MOVED, far], [2, send({ n: 2, m: 7.6 }), far]);
    expect(moved!.quakes[0]).toMatchObject({ phase: null, level: 0 });
    expect(later!.quakes[0]!.phase).not.toBe("lowered");
    expect(later!.quakes[0]!.takenBack).toBeUndefined();
  });

  it("brings the alert where it was too weak to be shown", () => {
    const [weak, moved] = play([0, send({ m: 5.5 }), { place: FAR }], [1, MOVED, { place: NEAR }]);
    expect(weak!.quakes[0]!.phase).toBeNull();
    expect(moved!.quakes[0]!.level).toBeGreaterThanOrEqual(2);
    expect(moved!.shown).toBe(moved!.quakes[0]!.key);
  });

  it("does not bring back what was cancelled, left, or has expired", () => {
    const [, gone, moved] = play(
      [0, send()],
      [1, send({ n: 2, ...FALSE })],
      [2, MOVED, { place: NEAR }],
    );
    expect(moved!.quakes[0]).toEqual(gone!.quakes[0]);
    const [, , after] = play(
      [0, send()],
      [1, send({ n: 2, ...CANCEL })],
      [2, MOVED, { place: FAR }],
    );
    expect(after!.quakes[0]!.phase).toBeNull();
    const [weak, late] = play([0, send({ m: 5.5 }), { place: FAR }], [300, MOVED, { place: NEAR }]);
    expect(late!.quakes[0]!.phase).toBe(weak!.quakes[0]!.phase);
  });

  it("changes nothing where the place is the same: neither shaking nor lowered", () => {
    for (const at of [25, 40, 60, 80, 100]) {
      const events: [number, Event][] = [[0, send()]];
      const before = run(events, {}, at).at(-1)!.state.quakes[0]!;
      const after = run([...events, [at - 0.05, MOVED]], {}, at).at(-1)!.state.quakes[0]!;
      expect(after.phase).toBe(before.phase);
    }
    const weaker = send({ n: 2, kind: "update", why: "smaller", m: 4.5 });
    const [, lowered, moved] = play([0, send()], [1, weaker], [2, MOVED]);
    expect(lowered!.quakes[0]!.phase).toBe("lowered");
    expect(moved!.quakes[0]!.phase).toBe("lowered");
  });

  it("does not begin the sound again at the same level", () => {
    const sounds = (events: [number, Event][]) => all(run(events, {}, 3), "alarm").length;
    expect(
      sounds([
        [0, send()],
        [1, MOVED],
      ]),
    ).toBe(sounds([[0, send()]]));
    expect(message().m).toBe(7.7);
  });
});
