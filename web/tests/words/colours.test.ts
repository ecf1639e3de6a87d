/** A12 and A13: contrasts by WCAG 2.2, colour vision by Machado et al. (2009), CIEDE2000. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CLASSES } from "../../core/words/intensity";
import { keepTable } from "../evidence";
import { contrast, deltaE, luminance, seen, VISIONS } from "./colour_vision";

const css = readFileSync(new URL("../../core/drawing/tokens.css", import.meta.url), "utf8");

function tokens(selector: string): { [name: string]: string } {
  const block = css.slice(css.indexOf(`${selector} {`)).split("}")[0]!;
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+):\s*(#\w{6})/g)].map((m) => [m[1], m[2]]),
  );
}

const light = tokens(":root");
const dark = { ...light, ...tokens(':root[data-theme="dark"]') };
const surface = (name: string) =>
  css.match(
    new RegExp(`data-surface="${name}"\\][^}]*background: (#\\w{6});\\s*color: (#\\w{6})`),
  )!;

describe("A12: contrast", () => {
  const pairs: [string, string][] = [
    ["text", "bg"],
    ["text", "card"],
    ["second", "bg"],
    ["second", "card"],
    ["good", "bg"],
    ["good", "card"],
    ["text", "ground"],
    ["second", "ground"],
    ["good", "ground"],
    ["accent", "ground"],
    ["accent", "card"],
    ["accent", "accent-tint"],
    ["good", "good-tint"],
    ["text", "good-tint"],
    ["second", "good-tint"],
    ["unready", "unready-tint"],
    ["text", "unready-tint"],
    ["second", "unready-tint"],
    ["accent", "bg"],
    ["on-accent", "accent"],
    ["on-notice", "notice"],
    ["on-cancel", "cancel"],
    ["on-drill", "drill"],
    ["map-text", "map-land"],
    ["map-text", "map-sea"],
  ];
  describe.each([
    ["light", light],
    ["dark", dark],
  ] as const)("%s", (_, theme) => {
    it.each(pairs)("%s on %s is 7:1", (text, ground) => {
      expect(contrast(theme[text]!, theme[ground]!)).toBeGreaterThanOrEqual(7);
    });
    it.each(["line", "accent", "map-p", "map-s"])("%s is 3:1 on its grounds", (name) => {
      const grounds = name.startsWith("map") ? ["map-land", "map-sea"] : ["bg", "card", "ground"];
      for (const ground of grounds) {
        expect(contrast(theme[name]!, theme[ground]!)).toBeGreaterThanOrEqual(3);
      }
    });
  });
  it("both ways to ask for dark are the same", () => {
    expect(tokens(':root:not([data-theme="light"])')).toEqual(tokens(':root[data-theme="dark"]'));
  });
  it.each(["alert", "danger", "shaking"])("the surface %s is 7:1, its focus 3:1", (name) => {
    const [, ground, text] = surface(name);
    expect(contrast(ground!, text!)).toBeGreaterThanOrEqual(7);
    const focus = css.match(new RegExp(`data-surface="${name}"\\][^}]*--focus: (#\\w{6})`))![1]!;
    expect(contrast(ground!, focus)).toBeGreaterThanOrEqual(3);
  });
  it("danger is not the saturated red of the flash rule", () => {
    const [r, g, b] = [1, 3, 5].map((i) => parseInt(surface("danger")[1]!.slice(i, i + 2), 16));
    expect(r! / (r! + g! + b!)).toBeLessThan(0.8);
  });
});

describe("A13: the intensity palette", () => {
  const colours = CLASSES.slice(1).map((one) => one.colour);
  const apart = (i: number, vision: string) => {
    const pair = [colours[i - 1]!, colours[i]!].map((colour) => seen(colour, vision));
    return deltaE(pair[0]!, pair[1]!);
  };
  const visions = (i: number) =>
    Object.keys(VISIONS).map((vision) => [vision, i === 0 ? null : apart(i, vision)]);
  keepTable(
    "colours",
    CLASSES.slice(1).map(({ roman, colour, text }, i) => ({
      ...{ class: roman, colour, text, contrast: contrast(colour, text) },
      ...Object.fromEntries(visions(i)),
    })),
  );
  it("has 7:1 text on every class", () => {
    for (const { colour, text } of CLASSES)
      expect(contrast(colour, text)).toBeGreaterThanOrEqual(7);
  });
  it("gets darker from class to class", () => {
    const values = colours.map(luminance);
    for (let i = 1; i < values.length; i++) expect(values[i]!).toBeLessThan(values[i - 1]!);
  });
  it.each(Object.keys(VISIONS))("neighbours differ by 9 or more: %s", (vision) => {
    for (let i = 1; i < colours.length; i++) expect(apart(i, vision)).toBeGreaterThanOrEqual(9);
  });
  it.each(Object.keys(VISIONS))("the full screens cannot be mistaken: %s", (vision) => {
    const see = (colour: string) => seen(colour, vision);
    const [alert, danger, shaking] = ["alert", "danger", "shaking"].map(
      (name) => surface(name)[1]!,
    );
    expect(deltaE(see(alert!), see(danger!))).toBeGreaterThan(50);
    expect(deltaE(see(alert!), see(light["bg"]!))).toBeGreaterThan(20);
    expect(deltaE(see(danger!), see(shaking!))).toBeGreaterThan(15);
    expect(deltaE(see(danger!), see(dark["bg"]!))).toBeGreaterThan(12);
  });
});

it("CIEDE2000: pairs of Sharma et al. (2005)", () => {
  const pairs: [number[], number[], number][] = [
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
    [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
  ];
  for (const [a, b, expected] of pairs) expect(deltaE(a, b)).toBeCloseTo(expected, 4);
});
