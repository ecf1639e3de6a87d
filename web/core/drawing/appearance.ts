/** Language, colours and text size of the whole page, as attributes that the style sheets read. */

import { direction } from "../../languages/table";
import type { Device } from "../device/device";
import { setAttribute } from "./dom";

export function applyAppearance({ settings, language, t }: Device): void {
  const root = document.documentElement;
  setAttribute(root, "lang", language);
  setAttribute(root, "dir", direction(language));
  setAttribute(root, "data-theme", settings.theme);
  setAttribute(root, "data-text", settings.text);
  if (document.title !== t("app")) document.title = t("app");
}

/** Whether those who look on are not at the place: they see the overlay of a broadcaster. */
export function isFar(): boolean {
  return document.documentElement.hasAttribute("data-overlay");
}
