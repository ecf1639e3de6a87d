import { readFileSync } from "node:fs";
import { generateKeyPairFromSeed, sign } from "@stablelib/ed25519";
import { describe, expect, it } from "vitest";
import { fromBase64url } from "../../core/stream/base64url";
import { canonical } from "../../core/stream/canonical";
import { type Keys, read } from "../../core/stream/message";

interface Vectors {
  keys: Keys;
  accepted: { [what: string]: string };
  refused: { [why: string]: string };
}

const file = new URL("../../../tests/reference/device_messages.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors;
const plain = vectors.accepted["plain"]!;

describe("messages that the server signed", () => {
  it.each(Object.entries(vectors.accepted))("%s", (_, text) => {
    expect(read(text, vectors.keys)).toMatchObject({ ok: true, message: { m: 6.1, dep: 11 } });
  });
  it("carry the fields of a single-station alert and of the event term, or none of them", () => {
    const result = (what: string) => read(vectors.accepted[what]!, vectors.keys);
    expect(result("a notice from one station")).toMatchObject({
      message: { ns: 1, near: [24.01, -121.523, 40], b: 0, by: null },
    });
    expect(result("a notice from phones")).toMatchObject({
      message: { ns: 1, near: [24.01, -121.523, 40], by: "phones" },
    });
    expect(result("with the event term")).toMatchObject({
      message: { b: -0.4, ns: 9, near: null },
    });
    expect(result("of an earlier version")).toMatchObject({
      message: { b: 0, ns: null, near: null },
    });
  });
  it("carry their fields", () => {
    const result = read(vectors.accepted["with a line"]!, vectors.keys);
    expect(result).toMatchObject({
      message: {
        ...{ id: "tw2018", n: 3, kind: "update", mode: "actual", lat: 24.1344, lon: -121.6871 },
        ...{ t0: 1524004990500, iss: 1524005000250, line: [24, 121.6, 24.3, 121.8, 2.5] },
      },
    });
  });
});

describe("A04: messages that nobody may believe", () => {
  it.each(Object.entries(vectors.refused))("%s", (why, text) => {
    expect(read(text, vectors.keys)).toEqual({ ok: false, why });
  });
  it("not one letter may change", () => {
    const fields = JSON.parse(plain) as { [name: string]: unknown };
    for (const [name, value] of Object.entries(fields)) {
      const changed = typeof value === "number" ? value + 1 : value === null ? "x" : `${value}x`;
      expect(read(JSON.stringify({ ...fields, [name]: changed }), vectors.keys).ok).toBe(false);
    }
  });
  it("a key that only sounds like one is unknown", () => {
    const fields = { ...JSON.parse(plain), key: "constructor" };
    expect(read(JSON.stringify(fields), vectors.keys)).toEqual({ ok: false, why: "unknown key" });
  });
  it.each(["", "[]", "null", "7", "{}", '{"sig":7}'])("%s", (text) => {
    expect(read(text, vectors.keys).ok).toBe(false);
  });
});

describe("A04: one signed message is one text of fields", () => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const sig = (JSON.parse(plain) as { sig: string }).sig;

  it("of its signature no other last letter is accepted, and no padding", () => {
    const accepted = [...alphabet].filter(
      (letter) => read(plain.replace(sig, sig.slice(0, -1) + letter), vectors.keys).ok,
    );
    expect(accepted).toEqual([sig.at(-1)]);
    expect(read(plain.replace(sig, `${sig}==`), vectors.keys).ok).toBe(false);
  });
  it.each([
    ["first", plain.replace("{", '{"mode":"drill",')],
    ["last", plain.slice(0, -1) + ',"mode":"actual"}'],
    ["written otherwise", plain.replace("{", '{"m\\u006fde":"drill",')],
    ["in a member", plain.replace('"cells":{}', '"cells":{"a":1,"a":1}')],
  ])("no name stands in it twice: %s", (_, text) => {
    expect(JSON.parse(text)).toBeTruthy();
    expect(read(text, vectors.keys)).toEqual({ ok: false, why: "not json" });
  });
  it.each([
    ["a number beyond all", plain.slice(0, -1) + ',"z":1e400}', "malformed"],
    ["longer than any", plain.slice(0, -1) + `,"z":"${"x".repeat(700)}"}`, "not json"],
    ["nested", plain.slice(0, -1) + `,"z":${"[".repeat(5000)}${"]".repeat(5000)}}`, "not json"],
  ])("and what no sender writes is refused: %s", (_, text, why) => {
    expect(read(text, vectors.keys)).toEqual({ ok: false, why });
  });
});

it("a signature has one form: with the group's order added to its scalar it is refused", () => {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const message = JSON.parse(plain);
  const bytes = Buffer.from(message.sig, "base64url");
  const hex = Buffer.from(bytes.subarray(32)).reverse().toString("hex");
  const more = (BigInt(`0x${hex}`) + order).toString(16).padStart(64, "0");
  bytes.set(Buffer.from(more, "hex").reverse(), 32);
  const forged = plain.replace(message.sig, bytes.toString("base64url"));
  expect(read(plain, vectors.keys).ok).toBe(true);
  expect(read(forged, vectors.keys)).toEqual({ ok: false, why: "bad signature" });
});

describe("of a message that is rightly signed", () => {
  const pair = generateKeyPairFromSeed(new Uint8Array(32));
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
  const signed = (change: object) => {
    const { sig: _, ...rest } = JSON.parse(plain);
    const fields = { ...rest, ...change, key: "k" };
    const bytes = new TextEncoder().encode(canonical(fields));
    const sig = text(sign(pair.secretKey, bytes));
    return read(JSON.stringify({ ...fields, sig }), { k: text(pair.publicKey) });
  };
  it.each([
    [{ lat: 90.1 }, { lat: null }],
    [{ t0: JSON.parse(plain).exp + 1 }, { t0: null }],
    [{ t0: JSON.parse(plain).exp }, { t0: JSON.parse(plain).exp }],
    [{ line: [24, 121, 91, 121, 0] }, { line: null }],
    [{ line: [24, 121, 24, -181, 0] }, { line: null }],
    [{ line: [24, 121, 24, 121, 1e6] }, { line: null }],
    [{ lat: -90 }, { lat: -90 }],
    [{ lon: 180.1 }, { lon: null }],
    [{ lon: -180 }, { lon: -180 }],
    [{ m: 11.1 }, { m: null }],
    [{ b: 5.1 }, { b: 0 }],
    [{ dep: -3 }, { dep: 0 }],
    [{ dep: null }, { dep: 10 }],
    [{ near: [24, 121] }, { near: null }],
    [{ near: [24, 121, 40, 1] }, { near: null }],
    [{ line: [24, 121, 25, 122] }, { line: null }],
  ])("%o is read as %o", (change, is) => {
    expect(signed(change)).toMatchObject({ ok: true, message: is });
  });
  it.each([{ v: 2 }, { id: "" }, { n: "1" }, { mode: "real" }, { kind: "newer" }, { exp: null }])(
    "%o is not understood",
    (change) => {
      expect(signed(change)).toEqual({ ok: false, why: "malformed" });
    },
  );
  it("a list is no message", () => {
    expect(read("[]", vectors.keys)).toEqual({ ok: false, why: "not json" });
  });
});

describe("RFC 8785", () => {
  it("its own example", () => {
    const value = {
      // biome-ignore lint/correctness/noPrecisionLoss: the RFC's example has more digits on purpose.
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
      literals: [null, true, false],
    };
    expect(canonical(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });
  it("sorts keys by their UTF-16 code units", () => {
    const value = { "\u20ac": 1, "\r": 2, "1": 3, "\ud83d\ude00": 4, "\u00f6": 5, "\ufb33": 6 };
    const order = Object.values(JSON.parse(canonical(value).replace(/"1":/, '"one":')) as object);
    expect(order).toEqual([2, 3, 5, 1, 4, 6]);
  });
  it("has no word for numbers that are none", () => {
    expect(() => canonical([NaN])).toThrow();
  });
});

it("base64url", () => {
  expect([...fromBase64url("-_-_")!]).toEqual([251, 255, 191]);
  expect([...fromBase64url("_w")!]).toEqual([255]);
  expect(fromBase64url("a+b/")).toBeNull();
  expect(["_x", "_w==", "_", "AAA="].map(fromBase64url)).toEqual([null, null, null, null]);
});
