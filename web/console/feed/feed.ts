/** The frames of the server: connects, and again for ever; says at once when nothing comes. */

import { type FrameWire, readFrame } from "./wire";

export type Link = "connecting" | "open" | "lost" | "forbidden" | "none";

export interface Listener {
  frame(frame: FrameWire): void;
  link(link: Link): void;
}

interface About {
  readonly frames: string;
  readonly operators: boolean;
}

/** A frame comes at least once a second. */
const SILENT_MS = 4_000;
const AGAIN_MS = 2_000;

/** Asks whether the page may see the frames, and reads them. query: "?token=..." of the page. */
export async function watch(
  query: string,
  listener: Listener,
  about: (about: About) => void,
): Promise<void> {
  for (;;) {
    const answer = await ask(query);
    if (typeof answer === "object") {
      about(answer);
      await frames(answer.frames + query, listener);
    }
    listener.link(typeof answer === "string" ? answer : "lost");
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

async function ask(query: string): Promise<About | Link> {
  try {
    const answer = await fetch(`console.json${query}`, { cache: "no-store" });
    if (answer.status === 403) return "forbidden";
    if (answer.status === 404) return "none";
    return answer.ok ? ((await answer.json()) as About) : "lost";
  } catch {
    return "lost";
  }
}

/** Until the connection has ended, or nothing has come for SILENT_MS. */
function frames(path: string, listener: Listener): Promise<void> {
  return new Promise((resolve) => {
    const source = new EventSource(path);
    let silence: ReturnType<typeof setTimeout>;
    const end = () => {
      clearTimeout(silence);
      source.close();
      resolve();
    };
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(end, SILENT_MS);
    };
    source.onmessage = ({ data }) => {
      const frame = readFrame(String(data));
      if (!frame) return;
      heard();
      listener.link("open");
      listener.frame(frame);
    };
    source.onerror = end;
    heard();
  });
}
