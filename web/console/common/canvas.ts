/** The size of a canvas on the screen, and its pen. */

export interface Size {
  readonly width: number;
  readonly height: number;
  /** Device pixels to one CSS pixel. */
  readonly ratio: number;
}

/** Size on the screen, at most two device pixels to one of CSS. */
export function sizeOf(canvas: HTMLCanvasElement): Size {
  const ratio = Math.min(2, devicePixelRatio || 1);
  return { width: canvas.clientWidth, height: canvas.clientHeight, ratio };
}

export function fitCanvas(canvas: HTMLCanvasElement, { width, height, ratio }: Size): void {
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
}

/** Without transparency, which would have to be mixed with what is below in every frame. */
export function opaque(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  return canvas.getContext("2d", { alpha: false })!;
}
