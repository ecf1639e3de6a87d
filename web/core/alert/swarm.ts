import type { Quake, Swarm, Tone } from "./model";

/**
 * Many light earthquakes one after the other: one summary instead of a tone for each.
 *
 * The first three within ten minutes sound, as does one that is clearly stronger here than all
 * that sounded; the others change the banner only. An alert always sounds: this is about notices.
 */

const WINDOW_MS = 600_000;
const FEW = 3;
const STRONGER_MMI = 0.5;

/** now: server ms. */
export function maySound(tones: readonly Tone[], mmi: number, now: number): boolean {
  const recent = recentTones(tones, now);
  return recent.length < FEW || recent.every((tone) => mmi >= tone.mmi + STRONGER_MMI);
}

export function recentTones(tones: readonly Tone[], now: number): readonly Tone[] {
  return tones.filter((tone) => Math.abs(now - tone.at) < WINDOW_MS);
}

/** What the banner of a notice sums up: from the third earthquake shown here in ten minutes. */
export function swarmOf(quakes: readonly Quake[], notice: Quake, now: number): Swarm | null {
  const mode = notice.message.mode;
  const shown = quakes.filter(
    (quake) =>
      quake.message.mode === mode &&
      quake.takenBack !== "false" &&
      (quake.shownLevel > 0 || quake === notice) &&
      Math.abs(now - quake.message.iss) < WINDOW_MS,
  );
  if (shown.length < FEW) return null;
  return { count: shown.length, mmi: Math.max(...shown.map(mmiOf)) };
}

/** MMI here; 0 where it is not known. */
export function mmiOf(quake: Quake): number {
  return quake.forecast?.mmi || 0;
}
