import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type Around, keep, nameOf, respond, type Shell, tidy } from "../../worker/shell";

const SCOPE = "https://here/app/";

/** Caches of a browser, in memory. */
class Store {
  readonly kept = new Map<string, Map<string, Response>>();

  open(name: string): Promise<Cache> {
    const files = this.kept.get(name) ?? new Map<string, Response>();
    this.kept.set(name, files);
    const put = async (address: string, answer: Response) => void files.set(address, answer);
    const match = async (address: string) => files.get(address)?.clone();
    return Promise.resolve({ put, match } as unknown as Cache);
  }
  keys = async () => [...this.kept.keys()];
  has = async (name: string) => this.kept.has(name);
  delete = async (name: string) => this.kept.delete(name);
}

/** A server with these files; null: it is away. */
function around(files: Readonly<Record<string, string>> | null, store = new Store()) {
  const asked: string[] = [];
  const fetch = async (input: RequestInfo) => {
    const path = (typeof input === "string" ? input : input.url).slice(SCOPE.length);
    asked.push(path);
    if (files === null) throw new TypeError("offline");
    const body = files[path.replace(/[?#].*/, "")];
    return new Response(body ?? "", { status: body === undefined ? 404 : 200 });
  };
  return { store, asked, around: { caches: store, fetch, scope: SCOPE } as unknown as Around };
}

function shellOf(built: number, files: Readonly<Record<string, string>>): Shell {
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  return { built, files: Object.entries(files).map(([path, text]) => [path, hash(text)]) };
}

const ONE = { "": "page 1", "assets/a.1.js": "script 1", "icon.svg": "icon" };
const TWO = { "": "page 2", "assets/a.2.js": "script 2", "icon.svg": "icon" };

async function text(answer: Promise<Response> | null): Promise<string | null> {
  return answer && (await (await answer).text());
}

function get(path: string, mode = "navigate"): Request {
  return { method: "GET", url: SCOPE + path, mode } as Request;
}

describe("the files of the page on the device", () => {
  it("answers without a network, the page and its scripts, of one version", async () => {
    const { store, around: online } = around(ONE);
    const shell = shellOf(1, ONE);
    expect(await keep(shell, online)).toBe(true);
    const { around: offline } = around(null, store);
    expect(await text(respond(get("?x=1"), shell, offline))).toBe("page 1");
    expect(await text(respond(get("assets/a.1.js", "no-cors"), shell, offline))).toBe("script 1");
  });

  it("never answers for what the server states", async () => {
    const { around: online } = around(ONE);
    const shell = shellOf(1, ONE);
    await keep(shell, online);
    const stated = ["config.json", "keys.json", "time.json", "api/events", "push.json", "events"];
    for (const path of stated) expect(respond(get(path, "cors"), shell, online), path).toBeNull();
    const post = { ...get("", "cors"), method: "POST" } as Request;
    expect(respond(post, shell, online)).toBeNull();
    const other = { ...get(""), url: "https://elsewhere/" } as Request;
    expect(respond(other, shell, online)).toBeNull();
  });

  it("keeps nothing of a version of which one file is of another", async () => {
    const { store, around: mixed } = around({ ...TWO, "": "page 1" });
    expect(await keep(shellOf(2, TWO), mixed)).toBe(false);
    expect(await store.keys()).toEqual([]);
  });

  it("takes the page from the network where there is one, else its own, also of a broken server", async () => {
    const { store, around: first } = around(ONE);
    const shell = shellOf(1, ONE);
    await keep(shell, first);
    expect(await text(respond(get(""), shell, around(TWO, store).around))).toBe("page 2");
    const broken = around({}, store).around;
    broken.fetch = async () => new Response("bad gateway", { status: 502 });
    expect(await text(respond(get(""), shell, broken))).toBe("page 1");
  });

  it("keeps the version before for pages that are open, and none older", async () => {
    const store = new Store();
    for (const [built, files] of [
      [1, ONE],
      [2, TWO],
      [3, ONE],
    ] as const)
      await keep(shellOf(built, files), around(files, store).around);
    const shell = shellOf(3, ONE);
    const { around: now, asked } = around(null, store);
    await tidy(shell, now);
    expect((await store.keys()).sort()).toEqual([2, 3].map((n) => nameOf(shellOf(n, {}))));
    expect(await text(respond(get("assets/a.2.js", "no-cors"), shell, now))).toBe("script 2");
    expect(asked).toEqual([]);
  });
});
