/** Keys, wheel and pointer on the map. Everything can be done by keys, and by buttons or tables too. */

import type { FollowedView } from "./followed_view";
import { moved, type View, ZOOM } from "./map_view";

/** What keys and pointer do with stations. */
export interface StationCommands {
  step(step: 1 | -1): void;
  /** At a point of the canvas, in CSS pixels. */
  selectAt(x: number, y: number): void;
  /** false: none was chosen. */
  clear(): boolean;
}

type Direction = readonly [number, number];
const ARROWS: Readonly<Record<string, Direction>> = {
  ...{ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] },
};
/** Of the smaller side, by one arrow key. */
const STEP = 0.15;
/** By one turn of the wheel. */
const WHEEL = 1.15;
/** From here on a press is a drag. */
const DRAG_PX = 5;

export function listen(
  canvas: HTMLCanvasElement,
  view: FollowedView,
  stations: StationCommands,
): void {
  canvas.addEventListener("keydown", (event) => {
    if (press(event, view, stations)) event.preventDefault();
  });
  const wheel = (event: WheelEvent) => {
    if (!event.ctrlKey && document.activeElement !== canvas) return; // the page scrolls
    event.preventDefault();
    view.zoom(event.deltaY < 0 ? WHEEL : 1 / WHEEL);
  };
  canvas.addEventListener("wheel", wheel, { passive: false });
  listenToPointer(canvas, view, stations);
}

/** Whether the key was one of the map's. */
function press(event: KeyboardEvent, view: FollowedView, stations: StationCommands): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || !view.view) return false;
  const arrow = ARROWS[event.key];
  if (arrow) view.change(moved(view.view, arrow[0], arrow[1], STEP));
  else if (event.key === "+" || event.key === "=") view.zoom(ZOOM);
  else if (event.key === "-") view.zoom(1 / ZOOM);
  else if (event.key === "0") view.showAll();
  else if (event.key === "PageDown") stations.step(1);
  else if (event.key === "PageUp") stations.step(-1);
  else return event.key === "Escape" && stations.clear();
  return true;
}

function listenToPointer(
  canvas: HTMLCanvasElement,
  view: FollowedView,
  stations: StationCommands,
): void {
  let from: { x: number; y: number; view: View } | null = null;
  let far = false;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" || !view.view) return; // the page scrolls by touch
    from = { x: event.offsetX, y: event.offsetY, view: view.view };
    far = false;
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!from) return;
    const side = Math.min(canvas.clientWidth, canvas.clientHeight);
    const [dx, dy] = [event.offsetX - from.x, event.offsetY - from.y];
    far = far || Math.abs(dx) + Math.abs(dy) > DRAG_PX;
    if (far) view.change(moved(from.view, -dx / side, dy / side, 1));
  });
  const end = () => {
    from = null;
  };
  canvas.addEventListener("pointerleave", end);
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("click", (event) => {
    if (!far) stations.selectAt(event.offsetX, event.offsetY);
  });
}
