/** What the marks on the map mean: each as it is drawn, with its words. */

import { h } from "../../core/drawing/dom";
import { CLASSES } from "../../core/words/intensity";
import type { Key, Words } from "../common/words";

const SVG = "http://www.w3.org/2000/svg";

/** Paths in a box of 20 by 14. */
const MARKS: readonly (readonly [Key, string, string])[] = [
  ["legend.dot", "idle", "M10 4.5a2.5 2.5 0 1 0 0.01 0z"],
  ["legend.ring", "away line", "M10 3.5a3.5 3.5 0 1 0 0.01 0z"],
  ["legend.triangle", "pick line", "M10 2l5 9H5z"],
  ["legend.diamond", "loose line", "M10 1.500l5 5.500-5 5.500-5-5.500z"],
  ["legend.p", "p line", "M0 7h5m2.500 0h5m2.500 0h5"],
  ["legend.s", "s line thick", "M0 7h20"],
  ["legend.source", "source line thick", "M5 2l10 10M15 2L5 12"],
  ["legend.trail", "trail line", "M1 11L8 5l5 3 6-5"],
];

export function legend(t: Words): HTMLElement {
  const scale = CLASSES.slice(1).map(({ roman, colour, text }) => {
    const box = h("span", { class: "class" }, roman);
    box.style.background = colour;
    box.style.color = text;
    return box;
  });
  return h(
    "details",
    { class: "legend", open: matchMedia("(min-width: 70rem)").matches },
    h("summary", {}, t("legend.title")),
    h("p", { class: "scale" }, h("span", {}, `${t("legend.disc")} `), ...scale),
    h("ul", {}, ...MARKS.map(([key, kind, path]) => h("li", {}, mark(kind, path), t(key)))),
  );
}

function mark(kind: string, path: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 14");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `mark ${kind}`);
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}
