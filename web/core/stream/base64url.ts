/**
 * Bytes from base64url without padding; null when it is not that. Strict: no two texts are the same
 * bytes, so bits that belong to no byte must be zero (RFC 4648, section 3.5).
 */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

export function fromBase64url(text: string): Uint8Array | null {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let written = 0;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return null;
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[written++] = (bits >> held) & 0xff;
  }
  const unused = bits & ((1 << held) - 1);
  return held < 6 && unused === 0 ? bytes.slice(0, written) : null;
}
