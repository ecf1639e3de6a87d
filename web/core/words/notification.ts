/**
 * An alert as a notification of the device. Pure.
 *
 * A notification may be read long after it was shown, so it has no countdown and no "now": what it
 * says must still be true then. It has the time of issue.
 */

import type { Key, Translate } from "../../languages/language";
import type { SoundId } from "../alert/effects";
import type { Quake } from "../alert/model";
import { isOneStation, measured, singleTitle } from "../alert/one_station";
import { isAlert } from "../alert/quake";
import type { Profile } from "../alert/settings";
import type { Message, Refusal } from "../stream/message";
import { clockText } from "./facts";
import { atPlace, cancelledKeys, levelKey } from "./view";
import { joined, noticeTexts } from "./words";

export interface Shown {
  title: string;
  body: string;
  /** One notification an earthquake: a later one takes the place of an earlier one. */
  tag: string;
  /** Without sound and vibration: it adds nothing that the person must know at once. */
  silent: boolean;
  /** Stays until the person closes it. */
  stays: boolean;
  /** The pattern of touch; null: none. */
  vibrate: SoundId | null;
}

export interface Reader {
  t: Translate;
  profile: Profile;
  vibration: boolean;
}

/** What is shown of an earthquake. sounds: something new to act on, or that it was taken back. */
export function quakeShown(quake: Quake, sounds: boolean, reader: Reader): Shown {
  const { t } = reader;
  const [title, ...texts] = textsOf(quake, reader);
  const issued = t("push.issued", { time: t.digits(clockText(quake.message.iss)) });
  const body = joined(t, ...texts, issued);
  return {
    ...shown(quake.message, title as string, body, reader, sounds),
    stays: isAlert(quake.phase),
  };
}

/** An alert whose time is over: by the clock of this device, or since it came late. */
export function expiredShown(message: Message, reader: Reader): Shown {
  const { t } = reader;
  const detail = t("push.expired.detail", { time: t.digits(clockText(message.iss)) });
  return shown(message, t("push.expired.title"), detail, reader, false);
}

/** A message that is not acted on; outcome: as in the history, such as "test". */
export function ignoredShown(message: Message, outcome: string, { t }: Reader): Shown {
  const body = t(`outcome.${outcome}` as Key);
  return { ...quiet(t("app"), body), tag: `ignored:${message.mode}:${message.id}` };
}

/** A message that cannot be verified: nothing in it is shown. */
export function refusedShown(_: Refusal, { t }: Reader): Shown {
  return { ...quiet(t("app"), t("outcome.refused")), tag: "refused" };
}

/** What a self-check sends: it sounds as far as notifications do, and says that it is a test. */
export function testShown({ t, vibration }: Reader): Shown {
  const heard = { silent: false, stays: false, vibrate: vibration ? ("S1" as const) : null };
  return { title: t("check.push.title"), body: t("check.push.body"), tag: "self-check", ...heard };
}

function quiet(title: string, body: string): Omit<Shown, "tag"> {
  return { title, body, silent: true, stays: false, vibrate: null };
}

function shown(
  message: Message,
  title: string,
  body: string,
  reader: Reader,
  sounds: boolean,
): Shown {
  const drill = message.mode === "drill";
  const pattern = drill ? "SD" : message.kind === "cancel" ? "SC" : "S2";
  return {
    title: drill ? `${reader.t("drill.band")} · ${title}` : title,
    ...{ body, tag: `${message.mode}:${message.id}`, silent: !sounds, stays: false },
    vibrate: sounds && reader.vibration ? pattern : null,
  };
}

function textsOf(quake: Quake, { t, profile }: Reader): string[] {
  switch (quake.phase) {
    case "countdown":
    case "imminent":
      return coming(quake, t, profile);
    case "shaking":
    case "late":
      return ["late.title", "late.action", "late.detail"].map((key) => t(key as Key));
    case "passed":
    case "after":
      return [t("passed.title"), t("passed.action"), t("passed.detail")];
    case "cancelled":
      return cancelledKeys(quake).map((key) => t(key));
    case "lowered":
      return [t("lowered.title"), t("lowered.action"), t("lowered.detail")];
    case "notice":
      return noticeTexts(quake, t);
    default:
      return nothing(quake, t);
  }
}

function coming(quake: Quake, t: Translate, profile: Profile): string[] {
  const single = isOneStation(quake.message);
  const word = atPlace(t(single ? singleTitle(quake.message) : levelKey(quake)), quake);
  const detail = single ? [t(measured(quake.message))] : [];
  return [`${t("title")} · ${word}`, t(`action.${profile}`), ...detail];
}

/** Too weak here, or of an alert that was never shown here. */
function nothing(quake: Quake, t: Translate): string[] {
  if (quake.takenBack === "false") return [t("outcome.cancelled")];
  return [t("push.weak.title"), t("outcome.weak")];
}
