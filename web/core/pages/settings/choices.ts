/** Every setting as a question with its answers; phone and TV draw them each in their way. */

import type { Key, Translate } from "../../../languages/language";
import { CODES, type Code, LANGUAGES } from "../../../languages/table";
import {
  ALERT_FROM,
  NOTICE_FROM,
  PROFILES,
  type Profile,
  QUICK,
  SCALES,
  type ScaleName,
  type Settings,
  SOUNDS,
  SPEECH,
  TEXT_SIZES,
  THEMES,
} from "../../alert/settings";
import { intensityText } from "../../words/facts";

export interface Answer {
  text: string;
  /** Where the text is in another language than the page. */
  language?: string;
  chosen: boolean;
  change: Partial<Settings>;
  /** A question to ask first, where this answer could cost a life. */
  sure: string | null;
}

export interface Choice {
  name: string;
  question: string;
  answers: Answer[];
}

const VOLUMES = [0.4, 0.6, 0.8, 1] as const;

export function choices(
  settings: Settings,
  language: string,
  t: Translate,
  tv: boolean,
  scale: ScaleName,
): Choice[] {
  const ask = asker(settings, t);
  const onOff = (value: boolean) => t(value ? "set.on" : "set.off");
  const touch = [
    ask("vibration", "set.vibration", [true, false], onOff),
    ask("tick", "set.tick", [false, true], onOff),
  ];
  return [
    languages(settings, language, t),
    ask("profile", "set.profile", standing(settings, tv), (value) => t(`profile.${value}`)),
    ask("alertFrom", "set.alert", ALERT_FROM, (value) => thresholdText(value, t, scale)),
    ask("noticeFrom", "set.notice", NOTICE_FROM, (value) => thresholdText(value, t, scale)),
    ask("scale", "set.scale", SCALES, (value) => t(`scale.${value}`)),
    ask("sound", "set.sound", SOUNDS, (value) => t(`sound.${value}`), "set.sound.sure"),
    ask("volume", "set.volume", VOLUMES, (value) => `${Math.round(value * 100)} %`),
    ask("speech", "set.speech", SPEECH, (value) => t(`speech.${value}`)),
    ...(tv ? [] : touch),
    ask("theme", "set.theme", THEMES, (value) => t(`theme.${value}`)),
    ...(tv ? [] : [ask("text", "set.text", TEXT_SIZES, (value) => t(`text.${value}`))]),
    ask("awake", "set.awake", [false, true], onOff),
  ];
}

function asker(settings: Settings, t: Translate) {
  return <N extends keyof Settings>(
    name: N,
    question: Key,
    values: readonly Settings[N][],
    text: (value: Settings[N]) => string,
    sure?: Key,
  ): Choice => ({
    name,
    question: t(question),
    answers: values.map((value) => ({
      text: text(value),
      chosen: settings[name] === value,
      change: { [name]: value },
      sure: sure && value === "off" && settings[name] !== "off" ? t(sure) : null,
    })),
  });
}

function languages(settings: Settings, language: string, t: Translate): Choice {
  const answers = CODES.map((code) => ({
    text: nameOf(code),
    language: code,
    chosen: (settings.language ?? language) === code,
    change: { language: code },
    sure: null,
  }));
  return { name: "language", question: t("set.language"), answers };
}

/** What is chosen for a while stands on the home page of the phone. */
function standing({ profile }: Settings, tv: boolean): readonly Profile[] {
  const brief = (name: Profile) => !tv && (QUICK as readonly Profile[]).includes(name);
  return PROFILES.filter((name) => name === profile || !brief(name));
}

const ROMAN: { [mmi: number]: string } = { 3.5: "III-IV", 4: "IV", 5: "V", 6: "VI" };

/** Thresholds are of MMI: two of them may lie in one level of another scale. */
export function thresholdText(mmi: number | null, t: Translate, scale: ScaleName): string {
  if (mmi === null) return t("set.off");
  if (scale !== "mmi") return `${intensityText(mmi, t, scale)} (MMI ${ROMAN[mmi]})`;
  return mmi === 3.5 ? `${ROMAN[mmi]} · ${t("mmi.3")}` : intensityText(mmi, t);
}

/** A language in its own words, and whether its texts still wait for a native reader. */
function nameOf(code: Code): string {
  const { name, draft } = LANGUAGES[code];
  return draft ? `${name} (${draft})` : name;
}
