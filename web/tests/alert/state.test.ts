import { describe, expect, it } from "vitest";
import { type Context, type Event, next, start } from "../../core/alert/state";
import { forecast } from "../../core/forecast/forecast";
import type { Message } from "../../core/stream/message";
import { context, message, PLACE, straightRays, T0 } from "../examples";
import { all, phases, type RunStep, run, send, shown } from "../simulate";

describe("the way of an earthquake", () => {
  it("counts down, shakes, passes, and leaves the list of what to do", () => {
    const steps = run([[0, send()]], {}, 180);
    expect(phases(steps)).toEqual(["countdown", "imminent", "shaking", "passed", "after"]);
    const numbers = steps.map((m) => shown(m)?.seconds).filter((n) => n != null);
    expect(numbers[0]).toBeGreaterThan(15);
    expect(Math.min(...(numbers as number[]))).toBe(5);
  });
  it("a quake too weak here shows nothing, a light one a notice", () => {
    expect(phases(run([[0, send({ m: 3.2 })]]))).toEqual([null]);
    expect(phases(run([[0, send({ m: 5.5 })]], {}, 20))).toEqual(["notice"]);
  });
  it("a notice becomes an alert when the level rises, also after it was closed", () => {
    const light = send({ m: 5.5 });
    const strong = send({ n: 2, kind: "update" });
    expect(
      phases(
        run(
          [
            [0, light],
            [2, strong],
          ],
          {},
          4,
        ),
      ),
    ).toEqual(["notice", "countdown"]);
    const closed = run(
      [
        [0, light],
        [1, { type: "ok" }],
        [2, strong],
      ],
      {},
      4,
    );
    expect(phases(closed)).toEqual(["notice", null, "countdown"]);
  });
  it("received when most of the shaking has passed, it is late", () => {
    const { end } = forecast(message(), PLACE, straightRays())!;
    const t0 = T0 - (end - T0) + 6000 + 5000; // the shaking ends in 5 s
    const steps = run([[0, send({ t0 })]], {}, 60);
    expect(phases(steps).slice(0, 2)).toEqual(["late", "passed"]);
  });
  it("a false alert is cancelled, and OK closes it", () => {
    const cancel = send({ n: 2, kind: "cancel", why: "false" });
    const steps = run(
      [
        [0, send()],
        [3, cancel],
        [6, { type: "ok" }],
      ],
      {},
      10,
    );
    expect(phases(steps)).toEqual(["countdown", "cancelled", null]);
    expect(all(steps, "chime")).toEqual([
      { do: "chime", sound: "SC", utterance: "cancelled", level: 2 },
    ]);
  });
  it("a smaller one is lowered only where it will be weak", () => {
    const smaller = (m: number) => send({ n: 2, kind: "update", why: "smaller", m });
    expect(
      phases(
        run(
          [
            [0, send()],
            [3, smaller(5)],
          ],
          {},
          6,
        ),
      ),
    ).toEqual(["countdown", "lowered"]);
    expect(
      phases(
        run(
          [
            [0, send()],
            [3, smaller(7.6)],
          ],
          {},
          6,
        ),
      ),
    ).toEqual(["countdown"]);
  });
  it("the sound ends 20 s into the shaking, at the latest", () => {
    const steps = run([[0, send({ t0: T0 - 20_000, m: 8 })]], {}, 30);
    const quiet = steps.find((m) => m.effects.some((effect) => effect.do === "quiet"));
    expect((quiet!.now - T0 - 6000) / 1000).toBeLessThanOrEqual(20.2);
  });
});

describe("A06: no number that cannot be trusted", () => {
  const first = (change: Partial<Message>, here: Partial<Context> = {}) =>
    phases(run([[0, send(change)]], here, 1))[0];
  it("with a clock error above 2 s", () => {
    expect(first({}, { clockErrorS: 1.9 })).toBe("countdown");
    expect(first({}, { clockErrorS: 2.1 })).toBe("imminent");
    expect(first({}, { clockErrorS: Infinity })).toBe("imminent");
  });
  it("with an arrival that may be off by more than 4 s and 30 %", () => {
    expect(first({ sxy: 12 })).toBe("countdown");
    expect(first({ sxy: 40 })).toBe("imminent");
  });
  it("with a place known to no better than 10 km", () => {
    const place = { name: "", lat: 30.66, lon: 104.06, accuracyKm: 11 };
    expect(first({}, { place })).toBe("imminent");
  });
});

describe("A03, A04: what is not acted on", () => {
  const counts = (steps: RunStep[]) => all(steps, "alarm").length;
  it("50 copies make one sound", () => {
    const copies = Array.from({ length: 50 }, (_, i) => [i / 10, send()] as [number, Event]);
    expect(counts(run(copies, {}, 10))).toBe(1);
  });
  it("older versions change nothing", () => {
    const steps = run(
      [
        [0, send({ n: 5 })],
        [1, send({ n: 4, kind: "cancel", why: "false" })],
      ],
      {},
      3,
    );
    expect(phases(steps)).toEqual(["countdown"]);
  });
  const refused: [string, Event, Partial<Context>][] = [
    ["expired", send({ exp: T0 + 5000 }), {}],
    ["future", send({ iss: T0 + 60_000 }), {}],
    ["test", send({ mode: "test" }), {}],
    ["night", send({ mode: "drill" }), { asleep: true }],
    ["clock", send(), { deviceNow: T0 + 1e9 }],
    ["refused", { type: "refused", why: "refused" }, {}],
  ];
  it.each(refused)("%s: silent, and written down", (why, event, change) => {
    const steps = run([[0, event]], change, 2);
    expect(phases(steps)).toEqual([null]);
    expect(counts(steps)).toBe(0);
    expect(steps[steps.length - 1]!.state.history[0]!.outcome).toBe(why);
  });
  it("a clock that was never set does not stop a real alert", () => {
    const steps = run([[0, send()]], { deviceNow: T0 - 1e12 }, 1);
    expect(phases(steps)).toEqual(["countdown"]);
  });
});

describe("A07: the connection", () => {
  it("is lost after two heartbeats that did not come, announced once, and found again", () => {
    let state = start();
    const at = (seconds: number, event: Event) => {
      const step = next(state, event, T0, context({ deviceNow: T0 + seconds * 1000 }));
      state = step.state;
      return step.effects;
    };
    at(0, { type: "heartbeat" });
    expect(at(10, { type: "tick" })).toEqual([]);
    expect(at(11, { type: "tick" })).toEqual([
      { do: "announce", politely: true, utterance: "lost" },
    ]);
    expect(at(12, { type: "tick" })).toEqual([]);
    expect(state.lost).toBe(true);
    at(13, { type: "heartbeat" });
    expect(state.lost).toBe(false);
  });
  it("is not taken for a good one because the device's clock was set back", () => {
    let state = start();
    for (const [seconds, type] of [
      [7200, "heartbeat"],
      [0, "tick"],
    ] as const)
      state = next(state, { type }, T0, context({ deviceNow: T0 + seconds * 1000 })).state;
    expect(state.lost).toBe(true);
  });
});

describe("A21: Stop sound", () => {
  it("stays stopped for updates unless the level rises", () => {
    const stop: Event = { type: "stop" };
    const update = (n: number, m: number) => send({ n, m, kind: "update" });
    const events: [number, Event][] = [
      [0, send({ m: 7.3 })],
      [1, stop],
      [2, update(2, 7.4)],
    ];
    expect(all(run(events, {}, 4), "alarm")).toHaveLength(1);
    const rising = run([...events, [3, update(3, 8.5)]], {}, 5);
    expect(all(rising, "alarm")).toHaveLength(2);
  });
});

describe("A27: what a screen reader announces", () => {
  it("from 30 s to 0 it is four texts, none closer than 4 s", () => {
    const steps = run([[0, send({ lat: 31.66, lon: 104.06, sxy: 1 })]], {}, 150);
    const urgent = steps.filter((m) => m.effects.some((e) => e.do === "announce"));
    const announced = all(steps, "announce").map(
      (effect) => (effect as { utterance: string }).utterance,
    );
    expect(announced).toEqual(["alert", "seconds", "shaking", "passed"]);
    const gaps = urgent.slice(1).map((m, i) => m.now - urgent[i]!.now);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(4000);
  });
});
