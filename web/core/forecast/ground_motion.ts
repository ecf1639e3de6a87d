/**
 * Shaking at a distance: the same published relations, with the same numbers, as the server.
 *
 * Peak ground acceleration and velocity: Boore, Stewart, Seyhan & Atkinson (2014),
 * doi:10.1193/070113EQS184M, mechanism unspecified, M 3..8.5, up to 400 km.
 * Modified Mercalli intensity: Worden et al. (2012), doi:10.1785/0120110156, the mean of what
 * both say, as decision 40 has it.
 */

interface Coefficients {
  e0: number;
  e4: number;
  e5: number;
  e6: number;
  mh: number;
  c1: number;
  c2: number;
  c3: number;
  h: number;
  c: number;
  vc: number;
  f4: number;
  f5: number;
}

/** ln of g; the paper's tables 4 and 5, by its names. */
const PGA: Coefficients = {
  ...{ e0: 0.4473, e4: 1.431, e5: 0.05053, e6: -0.1662, mh: 5.5 },
  ...{ c1: -1.134, c2: 0.1917, c3: -0.008088, h: 4.5 },
  ...{ c: -0.6, vc: 1500, f4: -0.15, f5: -0.00701 },
};

/** ln of cm/s. */
const PGV: Coefficients = {
  ...{ e0: 5.037, e4: 1.073, e5: -0.1536, e6: 0.2252, mh: 6.2 },
  ...{ c1: -1.243, c2: 0.1489, c3: -0.00344, h: 5.3 },
  ...{ c: -0.84, vc: 1300, f4: -0.1, f5: -0.00844 },
};

const REFERENCE_VS30_MS = 760;
const SOIL_YIELDS_G = 0.1;
const G_CMS2 = 980.665;

export interface Motion {
  pga_g: number;
  pgv_cms: number;
}

/** Medians. distance: Joyner-Boore, km. */
export function motion(magnitude: number, distance: number, vs30_ms: number): Motion {
  const rockLnPga = lnRock(PGA, magnitude, distance);
  const rockPga_g = Math.exp(rockLnPga);
  return {
    pga_g: Math.exp(rockLnPga + lnSite(PGA, rockPga_g, vs30_ms)),
    pgv_cms: Math.exp(lnRock(PGV, magnitude, distance) + lnSite(PGV, rockPga_g, vs30_ms)),
  };
}

function lnRock(k: Coefficients, magnitude: number, distance: number): number {
  const above = magnitude - k.mh;
  const source = k.e0 + (above <= 0 ? k.e4 * above + k.e5 * above ** 2 : k.e6 * above);
  const r = Math.hypot(distance, k.h);
  return source + (k.c1 + k.c2 * (magnitude - 4.5)) * Math.log(r) + k.c3 * (r - 1);
}

function lnSite(k: Coefficients, rockPga_g: number, vs30_ms: number): number {
  const linear = k.c * Math.log(Math.min(vs30_ms, k.vc) / REFERENCE_VS30_MS);
  const softness = Math.exp(k.f5 * (Math.min(vs30_ms, REFERENCE_VS30_MS) - 360));
  const f2 = k.f4 * (softness - Math.exp(k.f5 * (REFERENCE_VS30_MS - 360)));
  return linear + f2 * Math.log(1 + rockPga_g / SOIL_YIELDS_G);
}

/** Modified Mercalli intensity, 1..10. */
export function mmi({ pga_g, pgv_cms }: Motion): number {
  return (mmiOfPga(pga_g) + mmiOfPgv(pgv_cms)) / 2;
}

export function mmiOfPga(pga_g: number): number {
  const log = Math.log10(pga_g * G_CMS2);
  if (log < 0.14) return held(1.71 + 2.08 * log);
  return held(log < 1.57 ? 1.78 + 1.55 * log : -1.6 + 3.7 * log);
}

export function mmiOfPgv(pgv_cms: number): number {
  const log = Math.log10(pgv_cms);
  if (log < -1.21) return held(4.62 + 2.17 * log);
  return held(log < 0.53 ? 3.78 + 1.47 * log : 2.89 + 3.16 * log);
}

/** Within the scale. */
export function held(value: number): number {
  return Math.min(10, Math.max(1, value));
}
