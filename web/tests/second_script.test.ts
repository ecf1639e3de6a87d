import { expect, it } from "vitest";
import { namedTexts } from "../second_script.mjs";

const TEXTS = {
  "set.theme": "",
  "shaking.title": "",
  "level.4": "",
  "concurrent.first.title": "",
  "a.b": "",
  count: "",
};

function named(code: string): string[] {
  return Object.keys(namedTexts([{ modules: { "page.ts": { code } } }], TEXTS));
}

const HOLE = "$" + "{"; // so that these are no templates themselves
const template = (text: string) => `\`${text.replaceAll("<", HOLE).replaceAll(">", "}")}\``;

it.each([
  ['t("set.theme")', ["set.theme"]],
  [`t(${template("count")})`, ["count"]],
  [`t(${template("<phase>.title")})`, ["shaking.title", "concurrent.first.title"]],
  [`t(${template("level.<Math.min(10, f({ a: 1 }))>")})`, ["level.4"]],
  [`t(${template("concurrent.<which>.title")})`, ["concurrent.first.title"]],
  [`${template("<a><b>")}; ${template("<a> px.title")}; // set.theme`, []],
])("texts that a program may need: %s", (code, keys) => {
  expect(named(code)).toEqual(keys);
});

it("what a table of texts itself says does not count", () => {
  expect(namedTexts([{ modules: { "en.toml?pages": { code: '"a.b"' } } }], TEXTS)).toEqual({});
});
