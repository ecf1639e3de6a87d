/**
 * How long the strong shaking of a place may last, from its first S: nobody is told before that it
 * should be over. The larger of two, each at one standard deviation above its median:
 *
 * - the rupture, as if it ran all one way at 2.5 km/s: its length below ground by Wells and
 *   Coppersmith (1994), log10 L = 0.59 M - 2.44, sigma 0.16; and what the path adds to it by Boore
 *   and Thompson (2014), doi:10.1785/0120140058, of active regions;
 * - the significant duration (5 to 95 % of Arias intensity) by Bommer, Stafford and Alarcon (2009),
 *   doi:10.1785/0120080298, of a rupture that reaches the surface, of an arbitrary component.
 */

const RUPTURE_SPEED_KMS = 2.5;
const LENGTH_SIGMA = 0.16;
/** Knots of distance in km and duration in s; beyond the last the slope is of that many s a km. */
const PATH: readonly [km: number, s: number][] = [
  [0, 0],
  [7, 2.4],
  [45, 8.4],
  [125, 10.9],
  [175, 17.4],
  [270, 34.2],
];
const PATH_BEYOND_S_KM = 0.156;
const LN_SIGMA = 0.4748;
const VALID = { least: 4.8, most: 7.9, km: 100 };
/** The longest that was ever recorded is about this: Sumatra 2004, 1300 km. */
const HELD_S = { least: 20, most: 600 } as const;

/** Seconds. magnitude: moment magnitude; distance in km, from the epicentre. */
export function shakingDuration(magnitude: number, km: number, vs30_ms = 400): number {
  const rupture_s = 10 ** (0.59 * magnitude - 2.44 + LENGTH_SIGMA) / RUPTURE_SPEED_KMS;
  const longest = Math.max(
    rupture_s + pathDuration(km),
    significantDuration(magnitude, km, vs30_ms),
  );
  return Math.min(HELD_S.most, Math.max(HELD_S.least, longest));
}

function pathDuration(km: number): number {
  const [last_km, last_s] = PATH[PATH.length - 1]!;
  if (km >= last_km) return last_s + PATH_BEYOND_S_KM * (km - last_km);
  const i = PATH.findIndex(([knot]) => knot > km);
  const [from_km, from_s] = PATH[i - 1]!;
  const [to_km, to_s] = PATH[i]!;
  return from_s + ((km - from_km) / (to_km - from_km)) * (to_s - from_s);
}

/** Magnitude and distance are held within the range of the data. */
function significantDuration(magnitude: number, km: number, vs30_ms: number): number {
  const m = Math.min(VALID.most, Math.max(VALID.least, magnitude));
  const r = Math.hypot(Math.min(VALID.km, km), 2.5);
  const ln = -2.2393 + 0.9368 * m + (1.5686 - 0.1953 * m) * Math.log(r);
  return Math.exp(ln - 0.3478 * Math.log(vs30_ms) + LN_SIGMA);
}
