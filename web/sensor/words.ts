/** The page's texts. English is the model for the others' keys. */

import type en from "../languages/en/sensor.json";
import type { Slots } from "../languages/language";
import { pageLanguage, pageText } from "../languages/page_words";
import { tables } from "../languages/table";

export type SensorKey = keyof typeof en;

export const TEXTS = tables<SensorKey>(
  import.meta.glob<Record<SensorKey, string>>("../languages/*/sensor.json", {
    eager: true,
    import: "default",
  }),
);

export function sensorLanguage(wanted: readonly string[]): string {
  return pageLanguage(TEXTS, wanted);
}

export function sensorText(language: string, key: SensorKey, slots: Slots = {}): string {
  return pageText(TEXTS, language, key, slots);
}
