/** When a sound starts and stops. */

import { describe, expect, it } from "vitest";
import { type Event, next, start } from "../../core/alert/state";
import type { Message } from "../../core/stream/message";
import { context } from "../examples";
import { afterS, DAY_MS, expected, NOW, receivedAt, send } from "../simulate";

describe("the sound", () => {
  const effects = (events: [number, Event][]) => {
    let state = start();
    return events.flatMap(([at, event]) => {
      const step = next(state, event, at, context({ deviceNow: at }));
      state = step.state;
      return step.effects;
    });
  };
  const sounds = (change: Partial<Message>, at = NOW) =>
    effects([[at, send(change)]]).flatMap((one) => (one.do === "alarm" ? [one.sound] : []));
  const cancel: [number, Event] = [
    NOW + 1000,
    send({ n: 2, kind: "cancel", why: "false", exp: NOW + DAY_MS }),
  ];
  it("is that of the level, or of a drill", () => {
    expect(sounds({ m: 5.5 })).toEqual(["S1"]);
    expect(sounds({})).toEqual(["S2"]);
    expect(sounds({ m: 8.5 })).toEqual(["S3"]);
    expect(sounds({ mode: "drill" })).toEqual(["SD"]);
  });
  it("is made for what comes too late as well", () => {
    const { sArrival, end } = expected();
    const at = sArrival + 0.6 * (end - sArrival);
    expect(sounds({ iss: at - 1000 }, at)).toEqual(["S2"]);
  });
  it("is not made for what was issued two minutes ago", () => {
    expect(sounds({ iss: NOW - 119_000 })).toEqual(["S2"]);
    expect(sounds({ iss: NOW - 121_000 })).toEqual([]);
  });
  it("of an end is aloud where its beginning was", () => {
    const chimes = (change: Partial<Message>) =>
      effects([[NOW, send(change)], cancel]).filter((one) => one.do === "chime").length;
    expect(chimes({})).toBe(1);
    expect(chimes({ iss: NOW - 121_000 })).toBe(0);
  });
  it("stops when it is asked to", () => {
    const done = effects([
      [NOW, send()],
      [NOW + 100, { type: "stop" }],
    ]);
    expect(done.at(-1)).toEqual({ do: "quiet" });
  });
  it("the numbers 20, 10 and 5 are spoken", () => {
    const at = afterS(-25);
    const events = [receivedAt(at)];
    for (let ms = 100; ms < 24_000; ms += 100) events.push([at + ms, { type: "tick" }]);
    const spoken = effects(events).filter((one) => one.do === "speak");
    expect(spoken).toHaveLength(3);
  });
});
