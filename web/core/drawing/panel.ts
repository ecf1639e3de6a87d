/** A part of a page, drawn whenever something may have changed. */
export interface Panel {
  readonly element: HTMLElement;
  draw(): void;
}
