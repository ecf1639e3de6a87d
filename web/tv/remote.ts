/** The arrows of a remote control: focus goes to the nearest thing in that direction. */

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};
const REACHABLE = "button:not([disabled]), input, summary, [tabindex='0']";

/** Answers whether the key was an arrow that is used up. Left and right belong to a text field. */
export function moveFocus(within: HTMLElement, key: string, typing: boolean): boolean {
  const arrow = ARROWS[key];
  if (!arrow || (typing && arrow[0] !== 0)) return false;
  const all = [...within.querySelectorAll<HTMLElement>(REACHABLE)].filter(
    (one) => one.offsetParent,
  );
  const from = document.activeElement?.getBoundingClientRect();
  const next =
    from && all.includes(document.activeElement as HTMLElement)
      ? nearest(all, from, arrow)
      : all[0];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return true;
}

function nearest(
  all: readonly HTMLElement[],
  from: DOMRect,
  [right, down]: readonly [number, number],
): HTMLElement | undefined {
  let best: HTMLElement | undefined;
  let least = Infinity;
  for (const one of all) {
    const to = one.getBoundingClientRect();
    const x = (to.left + to.right - from.left - from.right) / 2;
    const y = (to.top + to.bottom - from.top - from.bottom) / 2;
    const ahead = x * right + y * down;
    // What lies partly straight ahead is not aside, however long a row it is.
    const beside = down !== 0 ? gap(from.left, from.right, to.left, to.right) : 0;
    const above = right !== 0 ? gap(from.top, from.bottom, to.top, to.bottom) : 0;
    const cost = ahead + 2 * (beside + above);
    if (ahead > 4 && beside + above < 3 * ahead && cost < least) [best, least] = [one, cost];
  }
  return best;
}

/** How far apart two spans are; 0 where they overlap. */
function gap(start1: number, end1: number, start2: number, end2: number): number {
  return Math.max(0, start2 - end1, start1 - end2);
}
