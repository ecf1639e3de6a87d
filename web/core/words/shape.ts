/** Shapes with the same meaning as the words beside them, for those who do not see the colours. */

export type Shape =
  | "circle"
  | "diamond"
  | "triangle"
  | "octagon"
  | "waves"
  | "tick"
  | "cross"
  | "down";
