/**
 * The operators' side of the server (operators/routes.py). A password is sent once and not kept; the
 * session is a cookie that no script can read, and its token for changes is in memory only.
 */

export interface AlertInForce {
  readonly event: string;
  readonly version: number;
  readonly mode: string;
  readonly level: string;
  readonly magnitude: number;
  readonly lat: number;
  readonly lon: number;
}

export interface Proposal {
  readonly id: string;
  readonly action: string;
  readonly by: string;
  readonly seconds_left: number;
  readonly event?: string;
  readonly lat?: number;
  readonly lon?: number;
  readonly seconds?: number;
  readonly magnitude?: number;
}

export interface OperatorState {
  readonly name: string;
  readonly alerts: readonly AlertInForce[];
  readonly proposals: readonly Proposal[];
  readonly drill: string | null;
}

export interface AuditLine {
  readonly time: string;
  readonly what: string;
  readonly who?: string;
  readonly [fact: string]: unknown;
}

export interface Audit {
  /** The newest last. */
  readonly lines: readonly AuditLine[];
  readonly head: string;
  /** How many lines from the end the first stands that does not follow; 0: all do. */
  readonly broken: number;
}

/** why: the server's reason; "" where it did not answer, so that nobody knows whether it was done. */
export type Outcome<T> = { readonly ok: true; readonly answer: T } | Refused;
interface Refused {
  readonly ok: false;
  readonly why: string;
}

const TIMEOUT_MS = 15_000;

export class Operator {
  private csrf = "";

  /** Whether somebody has logged in here. */
  get isIn(): boolean {
    return this.csrf !== "";
  }

  async login(name: string, password: string): Promise<Outcome<unknown>> {
    const outcome = await this.post<{ csrf: string }>("login", { name, password });
    if (outcome.ok) this.csrf = outcome.answer.csrf;
    return outcome;
  }

  /** Without an answer the session goes on there, and so it does here. */
  async logout(): Promise<Outcome<unknown>> {
    const outcome = await this.post("logout", {});
    if (outcome.ok || outcome.why !== "") this.csrf = "";
    return outcome;
  }

  /** Null: logged out meanwhile, or no answer. */
  async state(): Promise<OperatorState | null> {
    const outcome = await this.ask<OperatorState>("state", {});
    if (!outcome.ok && outcome.why === "not logged in") this.csrf = "";
    return outcome.ok ? outcome.answer : null;
  }

  async audit(): Promise<Audit | null> {
    const outcome = await this.ask<Audit>("audit", {});
    return outcome.ok ? outcome.answer : null;
  }

  post<T>(what: string, fields: object): Promise<Outcome<T>> {
    const headers = { "Content-Type": "application/json", "X-Csrf-Token": this.csrf };
    return this.ask(what, { method: "POST", headers, body: JSON.stringify(fields) });
  }

  private async ask<T>(what: string, options: RequestInit): Promise<Outcome<T>> {
    const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), TIMEOUT_MS));
    try {
      const request = fetch(`operator/${what}`, {
        ...{ cache: "no-store", credentials: "same-origin" },
        ...options,
      });
      const answer = await Promise.race([request, late]);
      if (answer === null) return { ok: false, why: "" };
      const body = (await answer.json()) as T & { error?: string };
      return answer.ok ? { ok: true, answer: body } : { ok: false, why: body.error ?? "?" };
    } catch {
      return { ok: false, why: "" };
    }
  }
}
