/** The page's texts. English is the model for the others' keys. */

import english from "../languages/en.toml?sensor";
import type { Slots } from "../languages/language";
import { pageLanguage, pageText } from "../languages/page_words";
import type { Tables } from "../languages/table";

export type SensorKey = keyof typeof english;
export const TEXTS: Tables<SensorKey> = { en: english };

export function sensorLanguage(wanted: readonly string[]): string {
  return pageLanguage(TEXTS, wanted);
}

export function sensorText(language: string, key: SensorKey, slots: Slots = {}): string {
  return pageText(TEXTS, language, key, slots);
}
