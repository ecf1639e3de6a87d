import { describe, expect, it } from "vitest";
import { Clock } from "../../core/stream/clock";
import { T0 } from "../examples";

describe("the server's clock", () => {
  it("is known to half the quickest round trip", () => {
    const clock = new Clock();
    expect(clock.now(0)).toBeNull();
    expect(clock.errorS()).toBe(Infinity);
    clock.greeting(1000, T0);
    expect([clock.now(2000), clock.errorS()]).toEqual([T0 + 1000, 1]);
    clock.pong(2000, 2400, T0 + 1300);
    clock.pong(3000, 3040, T0 + 2020);
    clock.pong(4000, 6000, T0 + 9000);
    expect(clock.errorS()).toBeCloseTo(0.02);
    expect(clock.now(10_000)).toBeCloseTo(T0 + 9000);
  });
  it("A06: an answer that took long leaves it unsure", () => {
    const clock = new Clock();
    clock.pong(0, 10_000, T0);
    expect(clock.errorS()).toBe(5);
  });
  it("follows a step of the server, as when a recorded earthquake begins again", () => {
    const clock = new Clock();
    clock.pong(0, 20, T0);
    clock.greeting(5000, T0 + 5000);
    expect(clock.errorS()).toBeCloseTo(0.01);
    clock.greeting(10_000, T0 - 60_000);
    expect(clock.now(10_000)).toBe(T0 - 60_000);
  });
  it("a guess gives a time, not a certainty", () => {
    const clock = new Clock();
    clock.guess(0, T0);
    expect([clock.now(5), clock.errorS()]).toEqual([T0 + 5, Infinity]);
    clock.greeting(10, T0 + 500);
    expect(clock.errorS()).toBe(1);
  });
  it("a first guess is replaced by an answer, not by another guess", () => {
    const clock = new Clock();
    clock.guess(1000, T0);
    clock.guess(1000, T0 + 5000);
    expect(clock.now(1000)).toBe(T0);
    clock.greeting(2000, T0 + 9000);
    expect(clock.now(2000)).toBe(T0 + 9000);
  });
});
