/** Every setting as a question with its answers; phone and TV draw them each in their way. */

import { type Key, TEXTS, type Translate } from "../../languages/language";
import {
  ALERT_FROM,
  NOTICE_FROM,
  PROFILES,
  type Settings,
  SOUNDS,
  SPEECH,
  TEXT_SIZES,
  THEMES,
} from "../alert/settings";

export interface Answer {
  text: string;
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

export function choices(settings: Settings, language: string, t: Translate, tv: boolean): Choice[] {
  const ask = asker(settings, t);
  const onOff = (value: boolean) => t(value ? "set.on" : "set.off");
  const touch = [
    ask("vibration", "set.vibration", [true, false], onOff),
    ask("tick", "set.tick", [false, true], onOff),
  ];
  return [
    languages(settings, language, t),
    ask("profile", "set.profile", PROFILES, (value) => t(`profile.${value}` as Key)),
    ask("alertFrom", "set.alert", ALERT_FROM, (value) => level(value, t)),
    ask("noticeFrom", "set.notice", NOTICE_FROM, (value) => level(value, t)),
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
  const answers = Object.keys(TEXTS).map((code) => ({
    text: TEXTS[code]!.language,
    chosen: (settings.language ?? language) === code,
    change: { language: code },
    sure: null,
  }));
  return { name: "language", question: t("set.language"), answers };
}

const ROMAN: { [mmi: number]: string } = { 3.5: "III-IV", 4: "IV", 5: "V", 6: "VI" };
const WORDS: { [mmi: number]: Key } = { 3.5: "mmi.3", 4: "mmi.4", 5: "mmi.5", 6: "mmi.6" };

function level(mmi: number | null, t: Translate): string {
  return mmi === null ? t("set.off") : `${ROMAN[mmi]} · ${t(WORDS[mmi] as Key)}`;
}
