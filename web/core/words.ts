/** What is spoken and announced: the words for each effect. */

import type { Said } from "./effects";
import type { Key, Translate } from "./language";
import type { Message } from "./message";
import { isOneStation, measured, noticeTitle } from "./one_station";
import type { Quake } from "./quake";
import type { Profile } from "./settings";

/** Spoken by the device's voice: short, the action first. In a drill "Drill" comes before. */
export function spoken(said: Said, quake: Quake | null, t: Translate, profile: Profile): string {
  const words = body(said, quake, t, profile);
  return isDrill(quake) ? `${t("drill.spoken")} ${words}` : words;
}

/** Written for screen readers: the same, and for an alert how long there is. */
export function announced(said: Said, quake: Quake | null, t: Translate, profile: Profile): string {
  const words = spoken(said, quake, t, profile);
  return said === "alert" && quake ? `${words} ${howLong(quake, t)}` : words;
}

function body(said: Said, quake: Quake | null, t: Translate, profile: Profile): string {
  const single = notice(quake);
  switch (said) {
    case "alert":
      return single
        ? sentences(t, `spoken.${profile}`, "single.spoken")
        : sentences(t, `spoken.${profile}`);
    case "notice":
      return single
        ? sentences(t, noticeTitle(single), measured(single), "single.ready")
        : sentences(t, "notice.title", "notice.action", "notice.detail");
    case "seconds":
      return t("seconds.spoken", { n: quake?.seconds ?? 0 });
    case "shaking":
      return t("shaking.spoken");
    case "passed":
      return sentences(t, "passed.title", "passed.action");
    case "lost":
      return sentences(t, "lost", "lost.detail");
    default:
      return sentences(t, `${said}.title`, `${said}.action`, `${said}.detail`);
  }
}

function howLong(quake: Quake, t: Translate): string {
  if (notice(quake)) return sentences(t, "single.nocount");
  if (quake.seconds === null) return sentences(t, "nocount");
  return t(quake.level === 3 ? "count.spoken.3" : "count.spoken.2", { n: quake.seconds });
}

/** Texts one after the other, each with a stop at its end, so that a voice pauses there. */
export function sentences(t: Translate, ...keys: Key[]): string {
  const stop = t("spoken.standard").endsWith("。") ? "。" : ". ";
  return keys
    .map((key) => t(key).replace(/\n/g, " "))
    .map((text) => (/[.!?。！？]$/.test(text) ? `${text} ` : `${text}${stop}`))
    .join("")
    .replace(/。 /g, "。")
    .trim();
}

/** The message of a notice; null where several stations speak. */
function notice(quake: Quake | null): Message | null {
  return quake && isOneStation(quake.message) ? quake.message : null;
}

function isDrill(quake: Quake | null): boolean {
  return quake?.message.mode === "drill";
}
