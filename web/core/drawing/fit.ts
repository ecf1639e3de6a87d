/**
 * Text as large as its room: the largest size at which all lines fit, wrapped between words.
 *
 * The room is the width of the element, and in height the share of the screen that the style sheet
 * gives it: --room, in hundredths, or what is left of the screen below what is above it. Its
 * font-size there holds where nothing can be measured.
 */

export interface Room {
  width: number;
  height: number;
  /** Of a line, in sizes of the text. */
  lineHeight: number;
}

/** Lines of words, each word by its width in sizes of the text. */
export type Measured = readonly (readonly number[])[];

/** Beyond it a line that was measured to fit could wrap. */
const FILL = 0.985;
const SPACE = 0.27;
const GAP_PX = 6;

/** The largest size from `least` to `most` at which the text fits; `least` where none does. */
export function largest(lines: Measured, space: number, room: Room, least: number, most: number) {
  let [fits, fails] = [least, most + 1];
  while (fails - fits > 0.5) {
    const size = (fits + fails) / 2;
    const count = wrapped(lines, space, (room.width * FILL) / size);
    if (count * room.lineHeight * size <= room.height) fits = size;
    else fails = size;
  }
  return Math.floor(Math.min(fits, most));
}

/** How many lines they take up in a width in sizes of the text; no word may be cut. */
export function wrapped(lines: Measured, space: number, width: number): number {
  let count = 0;
  for (const words of lines) {
    count += 1;
    let used = 0;
    for (const word of words) {
      if (word > width) return Infinity;
      const needed = used === 0 ? word : used + space + word;
      if (needed > width) count += 1;
      used = needed > width ? word : needed;
    }
  }
  return count;
}

/** Keeps the lines of an element as large as its room, until the page is closed. */
export class Fit {
  /** least: px, the size below which it is rather cut than read by nobody. */
  constructor(
    private readonly element: HTMLElement,
    private readonly least: number,
  ) {
    // Before the next picture is drawn: also where only the spaces between letters have changed.
    if (typeof ResizeObserver === "function")
      new ResizeObserver(() => this.draw()).observe(element);
    addEventListener("resize", () => this.draw());
  }

  draw(): void {
    const { element } = this;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const share = (innerHeight * parseFloat(style.getPropertyValue("--room"))) / 100;
    const height = Math.min(share, innerHeight - bottomOfAbove(element));
    if (element.clientWidth === 0 || !(size > 0) || !(height > 0)) return;
    const spacing = (parseFloat(style.letterSpacing) || 0) + (parseFloat(style.wordSpacing) || 0);
    const lineHeight = parseFloat(style.lineHeight) / size || 1.2;
    const room = { width: element.clientWidth, height, lineHeight };
    const lines = Array.from(element.children, (line) => measure(line, size));
    const fitting = largest(lines, SPACE + spacing / size, room, this.least, height);
    element.style.fontSize = `${fitting}px`;
  }
}

/** Where what is shown above an element ends, in the same box. */
function bottomOfAbove(element: Element): number {
  let above = element.previousElementSibling;
  while (above && above.getClientRects().length === 0) above = above.previousElementSibling;
  return above ? above.getBoundingClientRect().bottom + GAP_PX : 0;
}

/** The widths of the words of a line, in sizes of the text. */
function measure(line: Element, size: number): number[] {
  const node = line.firstChild;
  const text = node?.nodeValue ?? "";
  const found: number[] = [];
  const words = /\S+/g;
  for (let word = words.exec(text); word && node; word = words.exec(text)) {
    const range = document.createRange();
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    // A word that does not fit now may lie on several lines.
    const parts = Array.from(range.getClientRects(), (part) => part.width);
    found.push(parts.reduce((sum, width) => sum + width, 0) / size);
  }
  return found;
}
