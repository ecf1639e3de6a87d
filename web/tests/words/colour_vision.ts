/** Colours as people with the four kinds of colour vision see them, and how far apart they are. */

type Triple = readonly number[];

/** Machado, Oliveira and Fernandes (2009), doi:10.1109/TVCG.2009.113, severity 1.0; linear RGB. */
export const VISIONS: { readonly [vision: string]: readonly Triple[] } = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function linear(colour: string): number[] {
  return [1, 3, 5]
    .map((i) => parseInt(colour.slice(i, i + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
}

export function luminance(colour: string): number {
  const [r, g, b] = linear(colour);
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

export function contrast(a: string, b: string): number {
  const [dark, bright] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (bright! + 0.05) / (dark! + 0.05);
}

/** The colour in CIELAB (D65) as this kind of vision sees it. */
export function seen(colour: string, vision: string): number[] {
  const rgb = linear(colour);
  const mixed = VISIONS[vision]!.map((row) => row.reduce((sum, k, i) => sum + k * rgb[i]!, 0));
  return toLab(mixed.map((value) => Math.min(1, Math.max(0, value))));
}

function toLab([r, g, b]: Triple): number[] {
  const xyz = [
    (0.4124564 * r! + 0.3575761 * g! + 0.1804375 * b!) / 0.95047,
    0.2126729 * r! + 0.7151522 * g! + 0.072175 * b!,
    (0.0193339 * r! + 0.119192 * g! + 0.9503041 * b!) / 1.08883,
  ];
  const [x, y, z] = xyz.map((t) =>
    t > 216 / 24389 ? Math.cbrt(t) : (t * 24389) / 27 / 116 + 16 / 116,
  );
  return [116 * y! - 16, 500 * (x! - y!), 200 * (y! - z!)];
}

const RAD = Math.PI / 180;

/** CIEDE2000 by Sharma, Wu and Dalal (2005), doi:10.1002/col.20070; their equations in order. */
export function deltaE(lab1: Triple, lab2: Triple): number {
  const [l1, a1, b1] = lab1 as [number, number, number];
  const [l2, a2, b2] = lab2 as [number, number, number];
  const mean7 = ((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2) ** 7;
  const grey = 1 + 0.5 * (1 - Math.sqrt(mean7 / (mean7 + 25 ** 7)));
  const [c1, c2] = [Math.hypot(a1 * grey, b1), Math.hypot(a2 * grey, b2)];
  const [h1, h2] = [hue(a1 * grey, b1), hue(a2 * grey, b2)];
  const grown = c1 * c2 === 0 ? 0 : ((h2 - h1 + 540) % 360) - 180;
  const dh = 2 * Math.sqrt(c1 * c2) * Math.sin((grown / 2) * RAD);
  const [l, c] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const { sl, sc, sh, rt } = weights(l, c, meanHue(h1, h2, c1 * c2));
  const [x, y, z] = [(l2 - l1) / sl, (c2 - c1) / sc, dh / sh];
  return Math.sqrt(x * x + y * y + z * z + rt * y * z);
}

function hue(a: number, b: number): number {
  return a === 0 && b === 0 ? 0 : (Math.atan2(b, a) / RAD + 360) % 360;
}

function meanHue(h1: number, h2: number, product: number): number {
  if (product === 0) return h1 + h2;
  if (Math.abs(h1 - h2) <= 180) return (h1 + h2) / 2;
  return h1 + h2 < 360 ? (h1 + h2 + 360) / 2 : (h1 + h2 - 360) / 2;
}

function weights(l: number, c: number, h: number) {
  const cos = (degrees: number) => Math.cos(degrees * RAD);
  const t =
    1 - 0.17 * cos(h - 30) + 0.24 * cos(2 * h) + 0.32 * cos(3 * h + 6) - 0.2 * cos(4 * h - 63);
  const turn = 30 * Math.exp(-(((h - 275) / 25) ** 2));
  const rc = 2 * Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7));
  return {
    sl: 1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2),
    sc: 1 + 0.045 * c,
    sh: 1 + 0.015 * c * t,
    rt: -Math.sin(2 * turn * RAD) * rc,
  };
}
