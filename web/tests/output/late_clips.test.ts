import { expect, it, vi } from "vitest";
import { Clips } from "../../core/output/clips";

/** A file of one text, whose clip is decoded when `go` is called. */
function file(text: string): ArrayBuffer {
  const head = new TextEncoder().encode(JSON.stringify({ [text]: [0, 1] }));
  const bytes = new Uint8Array(4 + head.length + 1);
  new DataView(bytes.buffer).setUint32(0, head.length);
  bytes.set(head, 4);
  return bytes.buffer;
}

it("the clips of a language that was left do not replace those of the present one", async () => {
  const waiting: (() => void)[] = [];
  vi.stubGlobal(
    "OfflineAudioContext",
    class {
      decodeAudioData(_: ArrayBuffer, done: (clip: unknown) => void): Promise<unknown> {
        waiting.push(() => done({}));
        return Promise.resolve();
      }
    },
  );
  const clips = new Clips();
  const old = clips.learn("el", file("a"));
  const present = clips.learn("tr", file("b"));
  waiting[1]!();
  await present;
  waiting[0]!();
  await old;
  expect(clips.has("tr")).toBe(true);
  expect(clips.find("b", "tr")).not.toBeNull();
  vi.unstubAllGlobals();
});
