/** Outlines beside the names of pages and places: they add no meaning of their own. */

export type Glyph = "home" | "after" | "history" | "settings" | "pin";

const NAMESPACE = "http://www.w3.org/2000/svg";

const PATHS: Readonly<Record<Glyph, string>> = {
  home: "M4 11 12 4l8 7M6 9.500V20h4.500v-5h3v5H18V9.500",
  after: "M9 5H6v16h12V5h-3M9 3h6v4H9zM9 14l2.200 2.200L15.500 12",
  history: "M4.500 12a7.500 7.500 0 1 0 2.600-5.700L4.500 8.500M4.500 4v4.500H9M12 8v4.500l3 1.800",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M13 4.500v5h4v-5zM7 14.500v5h4v-5z",
  pin: "M12 21s-6.500-6.200-6.500-11a6.500 6.500 0 0 1 13 0c0 4.800-6.500 11-6.500 11zM12 12.300a2.300 2.300 0 1 0 0-4.600 2.300 2.300 0 0 0 0 4.600z",
};

export function glyph(name: Glyph): SVGSVGElement {
  const svg = document.createElementNS(NAMESPACE, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "glyph");
  const path = document.createElementNS(NAMESPACE, "path");
  path.setAttribute("d", PATHS[name]);
  for (const [attribute, value] of [
    ["fill", "none"],
    ["stroke", "currentColor"],
    ["stroke-width", "2"],
    ["stroke-linecap", "round"],
    ["stroke-linejoin", "round"],
  ] as const)
    path.setAttribute(attribute, value);
  svg.append(path);
  return svg;
}
