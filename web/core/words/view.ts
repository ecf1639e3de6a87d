/** What an alert looks like, in words and numbers; phone and TV draw the same. Pure. */

import type { Key, Translate } from "../../languages/language";
import type { Level, Quake } from "../alert/model";
import { isOneStation, measured, singleTitle } from "../alert/one_station";
import type { Profile } from "../alert/settings";
import { distanceKm, type Point } from "../forecast/distance";
import type { Message } from "../stream/message";
import { direction, shownKm } from "./facts";
import { classOf } from "./intensity";
import type { Shape } from "./shape";

/** Three full screens far apart for every kind of colour vision, and the calm one. */
export type Surface = "alert" | "danger" | "shaking" | "calm";

export interface AlertView {
  surface: Surface;
  shape: Shape;
  phase: NonNullable<Quake["phase"]>;
  level: Level;
  drill: boolean;
  title: string;
  /** The level in words; empty where the title is enough. */
  word: string;
  /** One step a line. */
  action: string[];
  countLabel: string;
  seconds: number | null;
  detail: string;
  /** Intensity here, where it is known and still to come or here. */
  mmi: number | null;
  /** Magnitude, epicentre and source in a line. */
  facts: string;
  /** What others should do, where the person has not chosen a profile. */
  also: string[];
  why: string;
  /** The button: what stops the sound, or what goes on. */
  stops: boolean;
  button: string;
}

export interface Viewer {
  t: Translate;
  profile: Profile;
  /** Nobody drives in front of a TV. */
  tv: boolean;
  place?: (Point & { name: string }) | null;
  /** Those who look on are not at the place, so it is named. */
  far?: boolean;
  /** Whose warning it is. */
  source?: string;
}

type Part = Pick<AlertView, "surface" | "shape" | "title" | "action"> & Partial<AlertView>;

/** null for a notice and for nothing: neither takes the whole screen. */
export function alertView(quake: Quake | null, viewer: Viewer): AlertView | null {
  if (!quake || quake.phase === null) return null;
  const part = partOf(quake, viewer);
  if (!part) return null;
  const stops = part.surface !== "calm";
  return {
    ...{ word: "", countLabel: "", seconds: null, detail: "", also: [], why: "" },
    ...{ mmi: null, facts: "" },
    ...{ phase: quake.phase, level: quake.level, drill: quake.message.mode === "drill", stops },
    button: viewer.t(stops ? stopKey(quake) : "ok"),
    ...part,
  };
}

function partOf(quake: Quake, viewer: Viewer): Part | null {
  const { t } = viewer;
  switch (quake.phase) {
    case "countdown":
    case "imminent":
      return coming(quake, viewer);
    case "shaking":
      return {
        ...texts("shaking", t),
        ...known(quake, viewer),
        surface: "shaking",
        shape: "waves",
      };
    case "late":
      return {
        ...{ ...texts("late", t), ...known(quake, viewer) },
        ...{ surface: loud(quake), shape: shapeOf(quake) },
      };
    case "passed":
      return { ...texts("passed", t), surface: "calm", shape: "tick", button: t("passed.next") };
    case "cancelled":
      return {
        ...cancelled(quake, t),
        surface: "calm",
        shape: "cross",
        why: whyCancelled(quake, t),
      };
    case "lowered":
      return { ...texts("lowered", t), surface: "calm", shape: "down" };
    default:
      return null;
  }
}

function texts(phase: "shaking" | "late" | "passed" | "cancelled" | "lowered", t: Translate) {
  const action = t(`${phase}.action`).split("\n");
  return { title: t(`${phase}.title`), action, detail: t(`${phase}.detail`) };
}

function cancelled(quake: Quake, t: Translate) {
  const [title, action, detail] = cancelledKeys(quake);
  return { title: t(title), action: t(action).split("\n"), detail: t(detail) };
}

function whyCancelled({ message }: Quake, t: Translate): string {
  return message.mode === "drill" ? "" : t("cancelled.why");
}

/** Nothing reassures people while another earthquake stands. A drill ends: no alert was wrong. */
export function cancelledKeys({ concurrent, message }: Partial<Quake>): [Key, Key, Key] {
  if (message?.mode === "drill")
    return ["ended.title", "ended.action", concurrent ? "concurrent.detail" : "ended.detail"];
  if (!concurrent) return ["cancelled.title", "cancelled.action", "cancelled.detail"];
  return [`concurrent.${concurrent}.title`, `concurrent.${concurrent}.action`, "concurrent.detail"];
}

/** What is known of the earthquake and of its strength here; nothing by one station's motion. */
function known(quake: Quake, viewer: Viewer): Pick<AlertView, "mmi" | "facts"> {
  const { message, mmi } = quake;
  if (isOneStation(message)) return { mmi: null, facts: "" };
  return {
    mmi: mmi !== undefined && mmi >= 0 ? mmi : null,
    facts: factsLine(message, viewer),
  };
}

function factsLine(message: Message, { t, place, source, far }: Viewer): string {
  const { m, lat, lon } = message;
  if (m === null || lat === null || lon === null || !place || !source) return "";
  const from = { lat, lon };
  const km = shownKm(distanceKm(place, from));
  const which = { km, direction: direction(place, from, t) };
  const where = far ? t("from.place", { ...which, place: place.name }) : t("from.here", which);
  return t("facts.line", { m: t.decimal(m, 1), where, source });
}

function coming(quake: Quake, viewer: Viewer): Part {
  const { t, profile, tv, far, place } = viewer;
  const single = isOneStation(quake.message);
  const counts = quake.phase === "countdown" && quake.seconds !== null;
  const others: Key[] = tv
    ? ["also.bed", "also.wheelchair"]
    : ["also.bed", "also.wheelchair", "also.driving"];
  return {
    ...known(quake, viewer),
    surface: loud(quake),
    shape: shapeOf(quake),
    title: far && place ? `${t("title")} · ${place.name}` : t("title"),
    word: atPlace(t(single ? singleTitle(quake.message) : levelKey(quake)), far ? {} : quake),
    action: t(`action.${profile}`).split("\n"),
    countLabel: counts
      ? t("count", { level: t(levelKey(quake)) })
      : t(single ? "single.nocount" : "nocount"),
    detail: single ? t(measured(quake.message)) : "",
    seconds: counts ? quake.seconds : null,
    also: profile === "standard" ? others.map((key) => t(key)) : [],
  };
}

/** First the sound is stopped; a drill can then be left. */
function stopKey({ silenced, message }: Quake): Key {
  if (!silenced) return "stop";
  return message.mode === "drill" ? "drill.leave" : "stopped";
}

/** Where the person has several places, which one is meant. */
export function atPlace(text: string, { at: place }: Pick<Quake, "at">): string {
  return place === undefined ? text : `${text} · ${place}`;
}

/** The word for the intensity here, as it is shown everywhere else. */
export function levelKey({ mmi, level }: Pick<Quake, "mmi" | "level">): Key {
  const known = mmi === undefined || !(mmi >= 0) ? (level === 3 ? 7 : 6) : mmi;
  return `level.${Math.min(10, Math.max(4, Math.round(known)))}` as Key;
}

function loud(quake: Quake): Surface {
  return quake.level === 3 ? "danger" : "alert";
}

/** That of the intensity here; of what is not known, that of the level. */
function shapeOf({ mmi, level, message }: Quake): Shape {
  if (level === 3) return "octagon";
  if (isOneStation(message) || mmi === undefined || !(mmi >= 5)) return "triangle";
  return classOf(mmi).shape;
}
