/**
 * Shaking at a distance: the same published relations, with the same numbers, as the server.
 *
 * Peak ground acceleration: Boore, Stewart, Seyhan & Atkinson (2014), doi:10.1193/070113EQS184M,
 * unspecified mechanism, M 3..8.5, up to 400 km (beyond, an extrapolation to weak shaking).
 * Modified Mercalli intensity from it: Worden et al. (2012), doi:10.1785/0120110156, sigma 0.66.
 */

const MH = 5.5;
const H_KM = 4.5;
const REFERENCE_VS30_MS = 760;
const G_CMS2 = 980.665;

/** Median PGA in g. distance: Joyner-Boore, km. */
export function pgaG(magnitude: number, distance: number, vs30_ms: number): number {
  const rock = Math.exp(rockLnPga(magnitude, distance));
  return rock * Math.exp(siteLn(rock, vs30_ms));
}

function rockLnPga(magnitude: number, distance: number): number {
  const above = magnitude - MH;
  const source =
    magnitude <= MH ? 0.4473 + 1.431 * above + 0.05053 * above ** 2 : 0.4473 - 0.1662 * above;
  const r = Math.sqrt(distance ** 2 + H_KM ** 2);
  const path = (-1.134 + 0.1917 * (magnitude - 4.5)) * Math.log(r) - 0.008088 * (r - 1);
  return source + path;
}

function siteLn(rockPgaG: number, vs30_ms: number): number {
  const linear = -0.6 * Math.log(Math.min(vs30_ms, 1500) / REFERENCE_VS30_MS);
  const soft = Math.min(vs30_ms, REFERENCE_VS30_MS) - 360;
  const f2 = -0.15 * (Math.exp(-0.00701 * soft) - Math.exp(-0.00701 * 400));
  return linear + f2 * Math.log((rockPgaG + 0.1) / 0.1);
}

/** Modified Mercalli intensity of a PGA, 1..10; nan for none. */
export function mmiOfPga(pga: number): number {
  const log = Math.log10(pga * G_CMS2);
  const mmi = log < 0.14 ? 1.71 + 2.08 * log : log < 1.57 ? 1.78 + 1.55 * log : -1.6 + 3.7 * log;
  return Math.min(10, Math.max(1, mmi));
}
