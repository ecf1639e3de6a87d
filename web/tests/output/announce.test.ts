import { describe, expect, it } from "vitest";
import type { Utterance } from "../../core/alert/effects";
import { type Announcement, Announcer } from "../../core/output/announce";

const announcement = (
  text: string,
  quake: string,
  utterance: Utterance = "shaking",
): Announcement => ({
  ...{ text, utterance, quake, aspect: "", counts: false },
});

describe("A27: the announcer", () => {
  it("keeps texts 4 s apart, the newest first", () => {
    const announcer = new Announcer();
    announcer.urgent(announcement("one", "q"));
    expect(announcer.take(0)?.text).toBe("one");
    announcer.urgent(announcement("two", "q"));
    announcer.urgent(announcement("three", "q"));
    expect(announcer.take(3999)?.text).toBeUndefined();
    expect(announcer.take(4000)?.text).toBe("three");
    expect(announcer.take(9000)?.text).toBeUndefined();
  });
  it("announces at most six for one earthquake", () => {
    const announcer = new Announcer();
    const texts = Array.from({ length: 10 }, (_, i) => {
      announcer.urgent(announcement(`${i}`, "q"));
      return announcer.take(i * 5000)?.text;
    });
    expect(texts.filter((text) => text !== undefined)).toHaveLength(6);
    announcer.urgent(announcement("act", "q", "alert"));
    expect(announcer.take(90_000)?.text).toBe("act");
    announcer.urgent(announcement("other", "another"));
    expect(announcer.take(100_000)?.text).toBe("other");
  });
});
