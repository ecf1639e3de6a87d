/** The stream: what comes is passed on, what falls silent is left, what fails is tried otherwise. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Clock } from "../../core/stream/clock";
import { connect } from "../../core/stream/connection";
import { addresses } from "../../core/stream/transport";

class Socket {
  static readonly OPEN = 1;
  static made: Socket[] = [];
  readyState = 0;
  sent: string[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { reason: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) {
    Socket.made.push(this);
  }
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.closed = true;
  }
  open() {
    this.readyState = Socket.OPEN;
    this.onopen?.();
  }
}
class Events extends Socket {}

const heartbeat = JSON.stringify({ type: "heartbeat", now: 1000, key: "k", state: "ready" });
const where = addresses("https://home.example/quake/tv#lat=1", "stream", "events");

function listener() {
  return {
    addresses: () => Promise.resolve(where),
    message: vi.fn(),
    heartbeat: vi.fn(),
    closed: vi.fn(),
  };
}

const last = () => Socket.made[Socket.made.length - 1] as Socket;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Socket);
  vi.stubGlobal("EventSource", Events);
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  Socket.made = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("the addresses", () => {
  it("are relative to the page, under a prefix too, without the place", () => {
    expect(where).toEqual({
      stream: "wss://home.example/quake/stream",
      events: "https://home.example/quake/events",
      time: "https://home.example/quake/time.json",
    });
    expect(addresses("http://10.0.0.1:8460/", "stream", "events").stream).toBe(
      "ws://10.0.0.1:8460/stream",
    );
  });
});

describe("a connection", () => {
  it("passes messages and heartbeats on, and asks for the time", async () => {
    const heard = listener();
    await connect(new Clock(), heard);
    last().open();
    last().onmessage?.({ data: '{"id":"e1"}' });
    last().onmessage?.({ data: heartbeat });
    expect(heard.message).toHaveBeenCalledWith('{"id":"e1"}');
    expect(heard.heartbeat).toHaveBeenCalledWith("k", { state: "ready", missing: [] }, 0);
    last().onmessage?.({ data: heartbeat.replace("{", '{"list":3,') });
    expect(heard.heartbeat).toHaveBeenLastCalledWith("k", { state: "ready", missing: [] }, 3);
    await vi.advanceTimersByTimeAsync(3000);
    expect(last().sent).toHaveLength(4);
    expect(JSON.parse(last().sent[0] as string)).toMatchObject({ type: "ping" });
  });
  it("that is closed is made again after a random time, or the one that the server names", async () => {
    const heard = listener();
    await connect(new Clock(), heard);
    last().onmessage?.({ data: heartbeat });
    last().onclose?.({ reason: "" });
    expect(heard.closed).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2499);
    expect(Socket.made).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(Socket.made).toHaveLength(2);
    last().onmessage?.({ data: heartbeat });
    last().onclose?.({ reason: "retry 700" });
    await vi.advanceTimersByTimeAsync(700);
    expect(Socket.made).toHaveLength(3);
  });
  it("that falls silent is left after 16 s, not while heartbeats come", async () => {
    const heard = listener();
    await connect(new Clock(), heard);
    const socket = last();
    socket.open();
    for (let second = 0; second < 60; second += 5) {
      socket.onmessage?.({ data: heartbeat });
      await vi.advanceTimersByTimeAsync(5000);
    }
    expect(heard.closed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(11_000);
    expect(heard.closed).toHaveBeenCalledTimes(1);
    expect(socket.closed).toBe(true);
    socket.onclose?.({ reason: "" }); // it says nothing more
    expect(heard.closed).toHaveBeenCalledTimes(1);
  });
  it("is by server-sent events after two WebSockets that failed", async () => {
    const heard = listener();
    const clock = new Clock();
    vi.stubGlobal("fetch", () =>
      Promise.resolve({ ok: true, json: () => Promise.resolve({ now: 5000 }) }),
    );
    await connect(clock, heard);
    last().onclose?.({ reason: "" });
    await vi.advanceTimersByTimeAsync(2500);
    last().onclose?.({ reason: "" });
    await vi.advanceTimersByTimeAsync(5000);
    expect(last()).toBeInstanceOf(Events);
    expect(last().url).toBe(where.events);
    last().open();
    last().onmessage?.({ data: '{"id":"e1"}' });
    expect(heard.message).toHaveBeenCalledWith('{"id":"e1"}');
    await vi.advanceTimersByTimeAsync(10);
    expect(clock.errorS()).toBeLessThan(1);
    const events = last();
    events.onerror?.();
    expect(events.closed).toBe(true);
    await vi.advanceTimersByTimeAsync(2500);
    expect(last()).toBeInstanceOf(Events);
    expect(last()).not.toBe(events);
  });
  it("never is where the browser has no server-sent events", async () => {
    vi.stubGlobal("EventSource", undefined);
    await connect(new Clock(), listener());
    for (let failed = 0; failed < 4; failed++) {
      last().onclose?.({ reason: "" });
      await vi.advanceTimersByTimeAsync(30_000);
    }
    expect(Socket.made.length).toBeGreaterThan(4);
    expect(Socket.made.some((made) => made instanceof Events)).toBe(false);
  });
});
