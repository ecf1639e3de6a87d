/** Shapes as pictures. */

import type { Shape } from "../words/shape";

const NAMESPACE = "http://www.w3.org/2000/svg";

const PATHS: Readonly<Record<Shape, string>> = {
  diamond:
    "M16 1.500 30.500 16 16 30.500 1.500 16z M14.700 8.500v9.500h2.600V8.500z M14.700 20.500v3h2.600v-3z",
  triangle: "M16 3 30 28H2Z M15 12v8h2v-8z M15 22.5v2.5h2v-2.5z",
  octagon:
    "M10.5 2h11L30 10.500v11L21.500 30h-11L2 21.500v-11z M14.700 8v11h2.600V8z M14.700 22v3h2.600v-3z",
  waves:
    "M2 9l4-4 5 5 5-5 5 5 5-5 4 4v4l-4-4-5 5-5-5-5 5-5-5-4 4z M2 21l4-4 5 5 5-5 5 5 5-5 4 4v4l-4-4-5 5-5-5-5 5-5-5-4 4z",
  circle:
    "M16 2a14 14 0 1 0 0 28 14 14 0 0 0 0-28z M14.700 8h2.600v3h-2.600z M14.700 13.500h2.600V24h-2.600z",
  tick: "M16 2a14 14 0 1 0 0 28 14 14 0 0 0 0-28z M7.500 16.500l2-2 4.500 4.500 9-9.500 2 2-11 11.500z",
  cross: "M3 3h26v26H3z M9 11l2-2 5 5 5-5 2 2-5 5 5 5-2 2-5-5-5 5-2-2 5-5z",
  down: "M3 3h26v26H3z M14.600 8h2.800v11l4-4 2 2-7.400 7.400L8.600 17l2-2 4 4z",
};

export function icon(shape: Shape): SVGSVGElement {
  const svg = document.createElementNS(NAMESPACE, "svg");
  svg.setAttribute("viewBox", "0 0 32 32");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(NAMESPACE, "path");
  path.setAttribute("d", PATHS[shape]);
  path.setAttribute("fill", "currentColor");
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}
