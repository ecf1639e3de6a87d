/** What receivers will see, in the words and colours of the phone page, in every language. */

import type { Quake } from "../../core/alert/model";
import { h, replace } from "../../core/drawing/dom";
import { icon } from "../../core/drawing/icons";
import { askJson } from "../../core/stream/http";
import { type AlertView, alertView } from "../../core/words/view";
import { type Texts, type Translate, translation, translator } from "../../languages/language";
import { CODES, direction } from "../../languages/table";
import type { Words } from "../common/words";
import type { Action } from "./proposal";

type Seen = Pick<Quake, "phase" | "level" | "seconds">;

const PHASES: Readonly<Record<Action, Seen>> = {
  cancel: { phase: "cancelled", level: 3, seconds: null },
  drill: { phase: "countdown", level: 3, seconds: 12 },
};

/** Closed at first: texts of other languages are asked for when somebody opens it. */
export function preview(t: Words, action: Action): HTMLElement {
  const shown = h("div", { class: "previews" });
  const details = h(
    "details",
    {},
    h("summary", {}, t("preview.title")),
    h("p", {}, t("preview.more")),
    shown,
  );
  details.addEventListener("toggle", () => {
    if (!details.open || shown.firstChild) return;
    void screens(action).then((found) => replace(shown, ...found));
  });
  return details;
}

/** One small screen for each language whose texts the server has. */
async function screens(action: Action): Promise<HTMLElement[]> {
  const found = await Promise.all(CODES.map((code) => screenIn(code, action)));
  return found.filter((each): each is HTMLElement => each !== null);
}

async function screenIn(code: string, action: Action): Promise<HTMLElement | null> {
  if (code === "en") return screen(code, action, translator("en"));
  const texts = await askJson<Texts>(`words/${code}.json`);
  return texts && screen(code, action, translation(texts, code));
}

/** The texts of a screen as the pages make them. */
export function previewOf(action: Action, t: Translate): AlertView {
  const message = { mode: action === "drill" ? "drill" : "actual", ns: 8, near: null, by: null };
  const quake = { ...PHASES[action], mmi: 7.4, message, silenced: false } as unknown as Quake;
  return alertView(quake, { t, profile: "standard", tv: false })!;
}

function screen(code: string, action: Action, t: Translate): HTMLElement {
  const view = previewOf(action, t);
  const count = view.seconds === null ? null : h("p", { class: "number" }, `${view.seconds}`);
  return h(
    "article",
    { class: "preview", lang: code, dir: direction(code), "data-surface": view.surface },
    view.drill ? h("p", { class: "drill" }, t("drill.band")) : null,
    h(
      "p",
      { class: "title" },
      icon(view.shape),
      ` ${[view.title, view.word].filter(Boolean).join(" · ")}`,
    ),
    ...view.action.map((line) => h("p", { class: "action" }, line)),
    view.countLabel ? h("p", {}, view.countLabel) : null,
    count,
    view.detail ? h("p", {}, view.detail) : null,
  );
}
