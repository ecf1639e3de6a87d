/** What is spoken and announced: the words for each effect. */

import type { Key, Translate } from "../../languages/language";
import type { Utterance } from "../alert/effects";
import type { Quake } from "../alert/model";
import { isOneStation, measured, singleTitle } from "../alert/one_station";
import type { Profile } from "../alert/settings";
import { intensityText } from "./facts";
import { atPlace, cancelledKeys, levelKey } from "./view";

/**
 * What is spoken, phrase by phrase (each may be a clip, output/clips.ts): short, the action first,
 * then the own intensity. In a drill "Drill" comes before.
 */
export function phrases(
  utterance: Utterance,
  quake: Quake | null,
  t: Translate,
  profile: Profile,
): string[] {
  const words = body(utterance, quake, t, profile);
  const level = utterance === "alert" && quake && !isSingle(quake) ? [t(levelKey(quake))] : [];
  return [...(isDrill(quake) ? [t("drill.spoken")] : []), ...words, ...level];
}

/** Written for screen readers: the same, but for an alert how long there is. */
export function announced(
  utterance: Utterance,
  quake: Quake | null,
  t: Translate,
  profile: Profile,
): string {
  const drill = isDrill(quake) ? [t("drill.spoken")] : [];
  const words = body(utterance, quake, t, profile);
  const long = utterance === "alert" && quake ? [howLong(quake, t)] : [];
  return joined(t, ...drill, ...words, ...long);
}

function body(utterance: Utterance, quake: Quake | null, t: Translate, profile: Profile): string[] {
  const of = (...keys: Key[]) => keys.map((key) => t(key));
  switch (utterance) {
    case "alert":
      return of(`spoken.${profile}`, ...(isSingle(quake) ? (["single.spoken"] as const) : []));
    case "notice":
      return quake ? noticeTexts(quake, t) : of("notice.title");
    case "seconds":
      return [t("seconds.spoken", { n: quake?.seconds ?? 0 })];
    case "shaking":
      return of("shaking.spoken");
    case "passed":
      return of("passed.title", "passed.action");
    case "cancelled":
      return of(...cancelledKeys(quake ?? {}));
    case "lost":
      return of("lost", "lost.detail");
    case "untrusted":
      return of("untrusted", "untrusted.key");
    case "unverified":
      return of("untrusted", "untrusted.signature");
    case "drills":
      return of("drills", "drills.spoken");
    case "drillServer":
      return of("drills", "drills.server");
    case "test":
      return of("test", "test.detail");
    case "unable.source":
    case "unable.station":
    case "unable.other":
      return of("unable", utterance);
    default:
      return of(`${utterance}.title`, `${utterance}.action`, `${utterance}.detail`);
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
  if (quake.elsewhere) {
    const { at: place = "" } = quake;
    const level = t(levelKey(quake));
    return [
      t("elsewhere.title", { place }),
      t("elsewhere.action", { level }),
      t("elsewhere.detail"),
    ];
  }
  const word = Math.min(6, Math.max(4, Math.round(quake.forecast?.mmi || 4))) as 4 | 5 | 6;
  const detail = quake.arrived ? "notice.arrived" : "notice.detail";
  return [atPlace(t("notice.title"), quake), t(`notice.${word}`), t(detail)];
}

/** Texts one after the other, each with a stop at its end, so that a voice pauses there. */
export function sentences(t: Translate, ...keys: Key[]): string {
  return joined(t, ...keys.map((key) => t(key)));
}

export function joined(t: Translate, ...texts: string[]): string {
  const stop = /[。।]$/.exec(t("spoken.standard"))?.[0] ?? ".";
  return texts
    .map((text) => text.replace(/\n/g, " "))
    .map((text) => (/[.!?。！？।؟]$/.test(text) ? text : `${text}${stop}`))
    .join(" ")
    .replace(/([。！？]) /g, "$1");
}

function isSingle(quake: Quake | null): boolean {
  return quake !== null && isOneStation(quake.message);
}

function isDrill(quake: Quake | null): boolean {
  return quake?.message.mode === "drill";
}
