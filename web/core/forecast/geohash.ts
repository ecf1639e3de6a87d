/** Geohash (Niemeyer 2008): a cell's name, whose prefix is its parent's name. */

const LETTERS = "0123456789bcdefghjkmnpqrstuvwxyz";

/** The cell of a point. Precision 4 is about 39 km by 20 km. */
export function geohash(lat: number, lon: number, precision = 4): string {
  const south_north: [number, number] = [-90, 90];
  const west_east: [number, number] = [-180, 180];
  let name = "";
  for (let letter = 0, turn = 0; letter < precision; letter++) {
    let index = 0;
    for (let bit = 0; bit < 5; bit++, turn++) {
      const upper = turn % 2 === 0 ? halve(west_east, lon) : halve(south_north, lat);
      index = index * 2 + upper;
    }
    name += LETTERS[index];
  }
  return name;
}

function halve(range: [number, number], value: number): 0 | 1 {
  const middle = (range[0] + range[1]) / 2;
  const upper = value >= middle;
  range[upper ? 0 : 1] = middle;
  return upper ? 1 : 0;
}
