/** What is spoken and announced: the words for each effect. */

import type { Key, Translate } from "../../languages/language";
import type { Utterance } from "../alert/effects";
import type { Quake } from "../alert/model";
import { isOneStation, measured, singleTitle } from "../alert/one_station";
import type { Profile } from "../alert/settings";
import { intensityText } from "./facts";
import { cancelledKeys, levelKey } from "./view";

/** Spoken by the device's voice: short, the action first. In a drill "Drill" comes before. */
export function spoken(
  utterance: Utterance,
  quake: Quake | null,
  t: Translate,
  profile: Profile,
): string {
  const words = body(utterance, quake, t, profile);
  return isDrill(quake) ? `${t("drill.spoken")} ${words}` : words;
}

/** Written for screen readers: the same, and for an alert how long there is. */
export function announced(
  utterance: Utterance,
  quake: Quake | null,
  t: Translate,
  profile: Profile,
): string {
  const words = spoken(utterance, quake, t, profile);
  return utterance === "alert" && quake ? `${words} ${howLong(quake, t)}` : words;
}

function body(utterance: Utterance, quake: Quake | null, t: Translate, profile: Profile): string {
  const single = isSingle(quake);
  switch (utterance) {
    case "alert":
      return single
        ? sentences(t, `spoken.${profile}`, "single.spoken")
        : sentences(t, `spoken.${profile}`);
    case "notice":
      return quake ? joined(t, ...noticeTexts(quake, t)) : sentences(t, "notice.title");
    case "seconds":
      return t("seconds.spoken", { n: quake?.seconds ?? 0 });
    case "shaking":
      return t("shaking.spoken");
    case "passed":
      return sentences(t, "passed.title", "passed.action");
    case "cancelled":
      return sentences(t, ...cancelledKeys(quake ?? {}));
    case "lost":
      return sentences(t, "lost", "lost.detail");
    case "untrusted":
      return sentences(t, "untrusted", "untrusted.key");
    case "unverified":
      return sentences(t, "untrusted", "untrusted.signature");
    case "drills":
      return sentences(t, "drills", "drills.spoken");
    case "drillServer":
      return sentences(t, "drills", "drills.server");
    case "test":
      return sentences(t, "test", "test.detail");
    case "unable.source":
    case "unable.station":
    case "unable.other":
      return sentences(t, "unable", utterance);
    default:
      return sentences(t, `${utterance}.title`, `${utterance}.action`, `${utterance}.detail`);
  }
}

function howLong(quake: Quake, t: Translate): string {
  if (isSingle(quake)) return sentences(t, "single.nocount");
  if (quake.seconds === null) return sentences(t, "nocount");
  return t("count.spoken", { level: t(levelKey(quake)), n: quake.seconds });
}

/** Texts of the banner: a title, and what may come. */
export function noticeTexts(quake: Quake, t: Translate): string[] {
  const { message, swarm } = quake;
  if (swarm) {
    const { count: n, mmi } = swarm;
    const intensity = intensityText(mmi, t);
    return [t("swarm.title"), t("swarm.action", { n, intensity }), t("swarm.detail")];
  }
  if (isOneStation(message))
    return [t(singleTitle(message)), t(measured(message)), t("single.ready")];
  const word = Math.min(6, Math.max(4, Math.round(quake.forecast?.mmi || 4))) as 4 | 5 | 6;
  const detail = quake.arrived ? "notice.arrived" : "notice.detail";
  return [t("notice.title"), t(`notice.${word}`), t(detail)];
}

/** Texts one after the other, each with a stop at its end, so that a voice pauses there. */
export function sentences(t: Translate, ...keys: Key[]): string {
  return joined(t, ...keys.map((key) => t(key)));
}

export function joined(t: Translate, ...texts: string[]): string {
  const stop = t("spoken.standard").endsWith("。") ? "。" : ". ";
  return texts
    .map((text) => text.replace(/\n/g, " "))
    .map((text) => (/[.!?。！？]$/.test(text) ? `${text} ` : `${text}${stop}`))
    .join("")
    .replace(/。 /g, "。")
    .trim();
}

function isSingle(quake: Quake | null): boolean {
  return quake !== null && isOneStation(quake.message);
}

function isDrill(quake: Quake | null): boolean {
  return quake?.message.mode === "drill";
}
