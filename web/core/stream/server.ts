/** What a heartbeat reports of the server itself (delivery/stream.py: Ability). Pure. */

export interface Server {
  /** "drill" and "test": it never sends an actual alert. */
  state: "ready" | "not ready" | "test" | "drill";
  /** Of "not ready": what must be there first. */
  missing: readonly string[];
}

const KNOWN: readonly unknown[] = ["ready", "test", "drill"];

/** null where the server does not report it. An unknown state (of a later server) is not ready. */
export function readServer(state: unknown, missing: unknown): Server | null {
  if (typeof state !== "string") return null;
  const needs = Array.isArray(missing) ? missing.filter((need) => typeof need === "string") : [];
  return {
    state: KNOWN.includes(state) ? (state as Server["state"]) : "not ready",
    missing: needs,
  };
}

/** The text for what is missing. */
export function whyUnable({
  missing,
}: Server): "unable.source" | "unable.station" | "unable.other" {
  if (missing.includes("a live source")) return "unable.source";
  return missing.includes("a station") ? "unable.station" : "unable.other";
}

export function isUnable(server: Server | null): boolean {
  return server?.state === "not ready";
}
