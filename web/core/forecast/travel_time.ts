/** Travel times of P and S from the server's table, by straight-line interpolation. */

export interface TravelTimes {
  model: string;
  distance_km: number[];
  depth_km: number[];
  p: number[][];
  s: number[][];
}

export type Wave = "p" | "s";

/** Seconds from origin to arrival; a negative depth counts as 0. Beyond the table's ends: nan. */
export function seconds(table: TravelTimes, wave: Wave, distance: number, depth: number): number {
  const [row, along] = bracket(table.distance_km, distance);
  const [column, down] = bracket(table.depth_km, Math.max(0, depth));
  const at = (i: number, j: number) => table[wave][i]?.[j] ?? NaN;
  const near = at(row, column) * (1 - down) + at(row, column + 1) * down;
  const far = at(row + 1, column) * (1 - down) + at(row + 1, column + 1) * down;
  return near * (1 - along) + far * along;
}

/** How far the wave has come on the ground after so many seconds; 0 while it is still below. */
export function reachKm(table: TravelTimes, wave: Wave, elapsed: number, depth: number): number {
  const distances = table.distance_km;
  let previous = 0;
  for (let i = 0; i < distances.length; i++) {
    const here = distances[i] as number;
    const arrival = seconds(table, wave, here, depth);
    if (arrival > elapsed) {
      if (i === 0) return 0;
      const before = seconds(table, wave, previous, depth);
      return previous + ((here - previous) * (elapsed - before)) / (arrival - before);
    }
    previous = here;
  }
  return previous;
}

/** Index of the cell that holds the value, and how far along it is, 0..1; nan outside. */
function bracket(axis: number[], value: number): [number, number] {
  const last = axis.length - 1;
  const outside = !(value >= (axis[0] as number) && value <= (axis[last] as number));
  if (last < 1 || outside) return [0, NaN];
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((axis[middle] as number) <= value) low = middle;
    else high = middle;
  }
  const start = axis[low] as number;
  return [low, (value - start) / ((axis[high] as number) - start)];
}
