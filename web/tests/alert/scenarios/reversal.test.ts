/** An alert that is lowered or cancelled, and an earthquake that is strong after all. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAlert } from "../../../core/alert/quake";
import type { Event } from "../../../core/alert/state";
import { forecast } from "../../../core/forecast/forecast";
import { message, PLACE, straightRays, T0 } from "../../examples";
import { runs } from "../../runs";
import {
  all,
  CANCEL,
  device,
  FALSE,
  last,
  phases,
  type RunStep,
  run,
  send,
  shown,
} from "../../simulate";

describe("AL-01: what was lowered or cancelled and is strong after all", () => {
  it("alerts again, with its sound, as a page that is opened then", () => {
    const events: [number, Event][] = [
      [0, send()],
      [2, send({ ...CANCEL, n: 2 })],
      [4, send({ n: 3, kind: "update", m: 7.8 })],
    ];
    const steps = run(events, {}, 6);
    expect(phases(steps)).toEqual(["countdown", "lowered", "countdown"]);
    expect(all(steps, "alarm")).toHaveLength(2);
    expect(shown(last(steps))!.seconds).toBe(shown(last(run([events[2]!], {}, 6)))!.seconds);
  });
  it.each(["ok", "nothing"])("also where the person had pressed %s", (press) => {
    const ok: [number, Event][] = press === "ok" ? [[3, { type: "ok" }]] : [];
    const events: [number, Event][] = [
      ...[[0, send()] as [number, Event], [2, send({ ...FALSE, n: 2 })] as [number, Event], ...ok],
      [4, send({ n: 3, kind: "update", m: 7.8 })],
    ];
    expect(phases(run(events, {}, 6)).slice(-1)).toEqual(["countdown"]);
  });
  it("is a weak one after all: no text denies it any more", () => {
    const events: [number, Event][] = [
      [0, send()],
      [2, send({ ...FALSE, n: 2 })],
      [4, send({ n: 3, kind: "update", m: 3.3 })],
    ];
    expect(phases(run(events, {}, 6))).toEqual(["countdown", "cancelled", null]);
  });
  const version = fc.record({
    wait: fc.double({ min: 0.3, max: 4, noNaN: true }),
    what: fc.constantFrom({ kind: "update" }, { kind: "update", why: "smaller" }, CANCEL, FALSE),
    m: fc.double({ min: 3.5, max: 8.8, noNaN: true }),
    ok: fc.boolean(),
  });
  it("a device that was there does what one does that receives it only now", () => {
    const property = fc.property(fc.array(version, { minLength: 1, maxLength: 8 }), (versions) => {
      const there = device();
      there.at(0, send({ m: 7.7 }));
      let seconds = 0;
      versions.forEach(({ wait, what, m, ok }, i) => {
        if (ok) there.at(seconds, { type: "ok" });
        seconds += wait;
        const message = send({ ...what, n: i + 2, ...(what === CANCEL ? {} : { m }) });
        const before = isAlert(shown({ state: there.state() } as RunStep)?.phase ?? null);
        const old = there.at(seconds, message);
        const fresh = device().at(seconds, message);
        const [a, b] = [old, fresh].map((step) => shown(step as RunStep));
        if (!isAlert(b?.phase ?? null)) return;
        expect(a?.phase).toBe(b!.phase);
        expect(a!.level).toBeGreaterThanOrEqual(b!.level);
        if (before) return;
        expect(a!.seconds).toBe(b!.seconds);
        expect(old.effects).toEqual(fresh.effects);
      });
    });
    fc.assert(property, { numRuns: runs(2000), seed: 1 });
  });
  it("what was over and is still to come is shown again", () => {
    const near = { m: 6.9, lat: 30.8 };
    const { end } = forecast(message(near), PLACE, straightRays())!;
    const early = send({ ...near, t0: T0 + 6000 + 30_000 - (end - T0) }); // over after 30 s
    const steps = run(
      [
        [0, early],
        [40, send({ n: 2, kind: "update", m: 8.2, t0: T0 + 30_000, lat: 31.6 })],
      ],
      {},
      42,
    );
    expect(phases(steps).slice(-2)).toEqual(["passed", "countdown"]);
  });
});

describe("AL-07: an update that falls below the level of this place", () => {
  it.each([null, "smaller"])("lowers the alert, why %s", (why) => {
    const events: [number, Event][] = [
      [0, send()],
      [3, send({ n: 2, kind: "update", why, m: 6, level: "aware" })],
    ];
    expect(phases(run(events, {}, 60))).toEqual(["countdown", "lowered"]);
  });
  it("also where the epicentre has moved beyond all tables", () => {
    const far = send({ n: 2, kind: "update", lat: 50, lon: 104 });
    expect(
      phases(
        run(
          [
            [0, send()],
            [3, far],
          ],
          {},
          6,
        ),
      ),
    ).toEqual(["countdown", "lowered"]);
  });
  it("property: never shaking by a version that is clearly too weak", () => {
    const property = fc.property(fc.double({ min: 3.5, max: 8, noNaN: true }), (m) => {
      const update = send({ n: 2, kind: "update", m });
      const steps = run(
        [
          [0, send()],
          [3, update],
        ],
        {},
        30,
        1,
      );
      const mmi = shown(last(steps))!.forecast!.mmi;
      if (mmi < 4.7) expect(phases(steps)).not.toContain("shaking");
      else expect(phases(steps)).toContain("shaking");
    });
    fc.assert(property, { numRuns: runs(200), seed: 3 });
  });
  it("does not end the alert where it shakes, unless the message lowers it", () => {
    const update = (why: string | null) =>
      phases(
        run(
          [
            [0, send()],
            [25, send({ n: 2, kind: "update", why, m: 6 })],
          ],
          {},
          27,
        ),
      );
    expect(update(null).slice(-1)).toEqual(["shaking"]);
    expect(update("smaller").slice(-1)).toEqual(["lowered"]);
  });
});
