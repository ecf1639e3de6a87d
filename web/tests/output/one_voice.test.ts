/** Of several pages one sounds, whatever dies, and Stop stops all. */

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Channel, OneVoice, type Post } from "../../core/output/one_voice";
import { runs } from "../runs";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Page {
  voice: OneVoice;
  alive: boolean;
  able: boolean;
  sounds: boolean;
  stopped: string[];
  kill(): void;
}

/** Pages of one browser, which hear what each of them posts. A killed one posts and does nothing. */
function browser() {
  const pages: Page[] = [];
  const channels: Channel[] = [];
  const open = (able = true): Page => {
    const channel: Channel = {
      post: (post: Post) => {
        if (!page.alive) return;
        for (const other of channels) if (other !== channel) setTimeout(() => other.hear(post), 2);
      },
      hear: () => {},
    };
    const page = { alive: true, able, sounds: false, stopped: [] } as unknown as Page;
    page.kill = () => {
      page.alive = page.sounds = false;
      page.voice.end();
    };
    const id = `${pages.length}`;
    page.voice = new OneVoice(
      id,
      channel,
      () => page.able,
      (quake) => {
        page.stopped.push(quake);
        page.sounds = false;
        page.voice.end();
      },
    );
    channels.push(channel);
    pages.push(page);
    page.voice.changed();
    vi.advanceTimersByTime(10);
    return page;
  };
  const alarm = (page: Page, level = 2) =>
    page.voice.begin(
      { what: "alarm actual:e1", level },
      () => (page.sounds = page.alive && page.able),
      () => (page.sounds = false),
    );
  const loud = () => pages.filter((page) => page.sounds).length;
  return { pages, open, alarm, loud };
}

describe("two pages of one browser", () => {
  it("one alone sounds at once", () => {
    const { open, alarm } = browser();
    const page = open();
    alarm(page);
    expect(page.sounds).toBe(true);
  });
  it("the first sounds, the second does when that one is closed, dies or is frozen", () => {
    for (const end of ["leave", "kill"] as const) {
      const { open, alarm } = browser();
      const [first, second] = [open(), open()];
      alarm(second);
      alarm(first);
      vi.advanceTimersByTime(3000);
      expect([first.sounds, second.sounds]).toEqual([true, false]);
      if (end === "leave") first.voice.leave();
      first.kill();
      vi.advanceTimersByTime(1000);
      expect(second.sounds).toBe(true);
    }
  });
  it("the one that is allowed to sound does, not the first", () => {
    const { open, alarm } = browser();
    const [locked, second] = [open(false), open()];
    alarm(locked);
    alarm(second);
    expect(second.sounds).toBe(true);
    vi.advanceTimersByTime(2000);
    expect([locked.sounds, second.sounds]).toEqual([false, true]);
  });
  it("a page whose alert is stronger sounds all the same", () => {
    const { open, alarm } = browser();
    const [first, second] = [open(), open()];
    alarm(first, 2);
    alarm(second, 3);
    vi.advanceTimersByTime(1000);
    expect(second.sounds).toBe(true);
  });
  it("a sound that ended by itself is not begun by the other", () => {
    const { open, alarm } = browser();
    const [first, second] = [open(), open()];
    alarm(first);
    alarm(second);
    vi.advanceTimersByTime(500);
    first.sounds = false;
    first.voice.over();
    vi.advanceTimersByTime(5000);
    expect(second.sounds).toBe(false);
  });
  it("property: soon exactly one sounds, however many there are and whichever die; Stop ends all", () => {
    const lives = fc.array(fc.record({ able: fc.boolean(), dies: fc.boolean() }), {
      minLength: 1,
      maxLength: 5,
    });
    const property = fc.property(lives, fc.integer({ min: 0, max: 9 }), (all, rotate) => {
      const { pages, open, alarm, loud } = browser();
      for (const { able } of all) open(able);
      const order = pages.map((_, i) => pages[(i + rotate) % pages.length]!);
      for (const page of order) alarm(page);
      vi.advanceTimersByTime(1000);
      expect(loud()).toBe(all.some(({ able }) => able) ? 1 : 0);
      for (const [i, { dies }] of all.entries()) if (dies) pages[i]!.kill();
      vi.advanceTimersByTime(1000);
      const left = all.filter(({ able, dies }) => able && !dies).length;
      expect(loud()).toBeGreaterThanOrEqual(left > 0 ? 1 : 0);
      vi.advanceTimersByTime(1000);
      expect(loud()).toBe(left > 0 ? 1 : 0);
      const living = pages.find((page) => page.alive);
      living?.voice.stop("actual:e1");
      if (living) living.sounds = false;
      living?.voice.end();
      vi.advanceTimersByTime(3000);
      expect(loud()).toBe(0);
      for (const page of pages) page.voice.end();
      vi.clearAllTimers();
    });
    fc.assert(property, { numRuns: runs(80) });
  });
});
