/** Language, colours and text size of the whole page, as attributes that the style sheets read. */

import type { Device } from "../device/device";
import { setAttribute } from "./dom";

export function applyAppearance({ settings, language, t }: Device): void {
  const root = document.documentElement;
  setAttribute(root, "lang", language);
  setAttribute(root, "data-theme", settings.theme);
  setAttribute(root, "data-text", settings.text);
  if (document.title !== t("app")) document.title = t("app");
}
