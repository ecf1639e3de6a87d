/**
 * Synthesized words that come with the pages (scripts/speech_clips.py), by language and text.
 *
 * They are found by the text itself: one that was changed since has no clip, and nothing else is
 * spoken in its place.
 */

/** Text to its MP3. */
export type Pack = ReadonlyMap<string, ArrayBuffer>;

/** The clips of a file: the length of an index, the index, the clips. */
export function unpack(file: ArrayBuffer): Pack {
  const length = new DataView(file).getUint32(0);
  const head = new Uint8Array(file, 4, length);
  const text = decodeURIComponent(
    Array.from(head, (byte) => `%${`0${byte.toString(16)}`.slice(-2)}`).join(""),
  );
  const index = JSON.parse(text) as Readonly<Record<string, [number, number]>>;
  const pack = new Map<string, ArrayBuffer>();
  for (const key of Object.keys(index)) {
    const [offset, size] = index[key]!;
    pack.set(key, file.slice(4 + length + offset, 4 + length + offset + size));
  }
  return pack;
}

/** A text on one line, without the stop at its end. */
export function plain(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[.!?。！？\s]+$/, "");
}

/** Low enough to keep a minute of speech small; what it is played with converts it. */
const RATE_HZ = 16_000;
const DECODER_RATES = [RATE_HZ, 44_100];

export class Clips {
  private language: string | null = null;
  /** The last that was to be learned: decoding takes a while. */
  private wanted = "";
  private clips = new Map<string, AudioBuffer>();

  /** Decodes the clips of a language, which replace those of another. */
  async learn(language: string, file: ArrayBuffer): Promise<void> {
    const decoder = newDecoder();
    if (!decoder) return;
    this.wanted = language;
    const clips = new Map<string, AudioBuffer>();
    for (const [text, mp3] of unpack(file)) {
      const clip = await decoded(decoder, mp3);
      if (clip) clips.set(text, clip);
    }
    if (this.wanted !== language) return;
    this.language = language;
    this.clips = clips;
  }

  has(language: string): boolean {
    return this.language === language && this.clips.size > 0;
  }

  find(text: string, language: string): AudioBuffer | null {
    return this.language === language ? (this.clips.get(plain(text)) ?? null) : null;
  }
}

/** Decoding needs no sound: a context that only computes. Older browsers know few rates. */
function newDecoder(): OfflineAudioContext | null {
  for (const rate of DECODER_RATES) {
    try {
      return new OfflineAudioContext(1, 1, rate);
    } catch {
      // another rate, or none
    }
  }
  return null;
}

/** null: this browser cannot decode it. By callbacks, as Safari had it until 2021. */
function decoded(decoder: OfflineAudioContext, mp3: ArrayBuffer): Promise<AudioBuffer | null> {
  return new Promise((resolve) => {
    const failed = () => resolve(null);
    decoder.decodeAudioData(mp3, resolve, failed)?.catch(failed);
  });
}
