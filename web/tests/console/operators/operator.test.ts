import { afterEach, expect, it, vi } from "vitest";
import { Operator } from "../../../console/operators/operator";

afterEach(() => void vi.unstubAllGlobals());

function answering(...answers: (object | null)[]): Operator {
  const fetched = vi.fn(async () => {
    const body = answers.shift();
    if (!body) throw new TypeError("no network");
    return new Response(JSON.stringify(body), { status: "error" in body ? 403 : 200 });
  });
  vi.stubGlobal("fetch", fetched);
  return new Operator();
}

it("stays logged in where the server does not answer: its session goes on", async () => {
  const operator = answering({ csrf: "c" }, null, {});
  await operator.login("ana", "secret");
  expect(await operator.logout()).toEqual({ ok: false, why: "" });
  expect(operator.isIn).toBe(true);
  expect((await operator.logout()).ok).toBe(true);
  expect(operator.isIn).toBe(false);
});

it("is out where the server says that the session has ended", async () => {
  const operator = answering({ csrf: "c" }, { error: "not logged in" });
  await operator.login("ana", "secret");
  await operator.logout();
  expect(operator.isIn).toBe(false);
});
