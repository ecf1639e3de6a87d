/** Words by the voices of the device, for what there is no clip of. Without a voice, none. */

import type { Cut } from "./audio";

const LONGEST_MS = 8000;

function synthesis(): SpeechSynthesis | null {
  return typeof speechSynthesis === "undefined" ? null : speechSynthesis;
}

function voiceFor(language: string): SpeechSynthesisVoice | null {
  const tag = (text: string) => text.toLowerCase().replace("_", "-");
  const root = tag(language).split("-")[0] as string;
  const voices = synthesis()?.getVoices() ?? [];
  const near = voices.filter((voice) => tag(voice.lang).split("-")[0] === root);
  return near.find((voice) => tag(voice.lang) === tag(language)) ?? near[0] ?? null;
}

export function canSpeak(language: string): boolean {
  return voiceFor(language) !== null;
}

/** `done` is called once: at the end, or where it fails. */
export function speak(text: string, language: string, volume: number, done: () => void): Cut {
  const voice = voiceFor(language);
  const speaker = synthesis();
  if (!voice || !speaker) {
    done();
    return () => {};
  }
  const utterance = new SpeechSynthesisUtterance(text);
  Object.assign(utterance, { voice, lang: voice.lang, volume });
  let over = false;
  const end = () => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    done();
  };
  const timer = setTimeout(end, LONGEST_MS);
  utterance.onend = end;
  utterance.onerror = end;
  speaker.cancel(); // what another program of this page has left over
  speaker.speak(utterance);
  return () => {
    over = true;
    clearTimeout(timer);
    speaker.cancel();
  };
}
