/** What an alert looks like, in words and numbers; phone and TV draw the same. Pure. */

import type { Key, Translate } from "../../languages/language";
import type { Level, Quake } from "../alert/model";
import { isOneStation, measured, singleTitle } from "../alert/one_station";
import type { Profile } from "../alert/settings";

/** Three full screens far apart for every kind of colour vision, and the calm one. */
export type Surface = "alert" | "danger" | "shaking" | "calm";
export type Shape = "triangle" | "octagon" | "waves" | "circle" | "tick" | "cross" | "down";

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
    ...{ phase: quake.phase, level: quake.level, drill: quake.message.mode === "drill", stops },
    button: viewer.t(stops ? (quake.silenced ? "stopped" : "stop") : "ok"),
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
      return { ...texts("shaking", t), surface: "shaking", shape: "waves" };
    case "late":
      return { ...texts("late", t), surface: loud(quake), shape: shapeOf(quake) };
    case "passed":
      return { ...texts("passed", t), surface: "calm", shape: "tick", button: t("passed.next") };
    case "cancelled":
      return { ...cancelled(quake, t), surface: "calm", shape: "cross", why: t("cancelled.why") };
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

/** Nothing reassures people while another earthquake stands. */
export function cancelledKeys({ concurrent }: Pick<Quake, "concurrent">): [Key, Key, Key] {
  if (!concurrent) return ["cancelled.title", "cancelled.action", "cancelled.detail"];
  return [`concurrent.${concurrent}.title`, `concurrent.${concurrent}.action`, "concurrent.detail"];
}

function coming(quake: Quake, { t, profile, tv }: Viewer): Part {
  const single = isOneStation(quake.message);
  const counts = quake.phase === "countdown" && quake.seconds !== null;
  const others: Key[] = tv
    ? ["also.bed", "also.wheelchair"]
    : ["also.bed", "also.wheelchair", "also.driving"];
  return {
    surface: loud(quake),
    shape: shapeOf(quake),
    title: t("title"),
    word: t(single ? singleTitle(quake.message) : levelKey(quake)),
    action: t(`action.${profile}`).split("\n"),
    countLabel: counts
      ? t("count", { level: t(levelKey(quake)) })
      : t(single ? "single.nocount" : "nocount"),
    detail: single ? t(measured(quake.message)) : "",
    seconds: counts ? quake.seconds : null,
    also: profile === "standard" ? others.map((key) => t(key)) : [],
  };
}

/** The word for the intensity here, as it is shown everywhere else. */
export function levelKey({ mmi, level }: Pick<Quake, "mmi" | "level">): Key {
  const known = mmi === undefined || !(mmi >= 0) ? (level === 3 ? 7 : 6) : mmi;
  return `level.${Math.min(10, Math.max(4, Math.round(known)))}` as Key;
}

function loud(quake: Quake): Surface {
  return quake.level === 3 ? "danger" : "alert";
}

function shapeOf(quake: Quake): Shape {
  return quake.level === 3 ? "octagon" : "triangle";
}
