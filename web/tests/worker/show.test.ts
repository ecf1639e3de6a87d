/** What the service worker shows of a push: by the same reducer as the page. */

import { describe, expect, it } from "vitest";
import type { State } from "../../core/alert/model";
import type { Facts } from "../../core/storage/shared";
import type { Message } from "../../core/stream/message";
import { TEXTS, translator } from "../../languages/language";
import { CODES } from "../../languages/table";
import { afterExpiry, noFacts, outcomeOf } from "../../worker/show";
import { message, PLACE, straightRays, T0 } from "../examples";
import { WORDING } from "../wording";

const NOW = T0 + 6000;
const BUILT = T0 - 86_400_000;
const t = translator("en");

function facts(change: Partial<Facts> = {}): Facts {
  return { ...noFacts("en"), place: PLACE, table: straightRays(), ...change };
}

function inLanguage(language: string): Partial<Facts> {
  return { language, texts: TEXTS[language]! };
}

/** The last of several messages, each received at its time. */
function after(messages: Message[], change: Partial<Facts> = {}, now = NOW) {
  let state: State | undefined;
  let last = outcomeOf({ ok: false, why: "not json" }, facts(change), state, now, BUILT);
  for (const each of messages) {
    last = outcomeOf({ ok: true, message: each }, facts(change), state, now, BUILT);
    state = last.state;
  }
  return last;
}

describe("an alert", () => {
  it("sounds, stays, and says what to do", () => {
    const { shown } = after([message()]);
    expect(shown).toMatchObject({ silent: false, stays: true, tag: "actual:e1", vibrate: "S2" });
    expect(shown.title).toBe(`${t("title")} · ${t("level.6")}`);
    expect(shown.body).toMatch(/^Drop\. Cover\. Hold on\. Issued at \d\d:\d\d:\d\d\.$/);
  });
  it("has no countdown: the notification may be read later", () => {
    const { shown } = after([message()]);
    expect(shown.title + shown.body).not.toContain(t("seconds"));
    expect(shown.title + shown.body).not.toMatch(/\bnow\b/i);
  });
  it("is raised with a sound, and brought up to date without one", () => {
    const stronger = after([message(), message({ n: 2, m: 8.5 })]);
    expect(stronger.shown).toMatchObject({ silent: false, tag: "actual:e1" });
    const same = after([message(), message({ n: 2, m: 7.75 })]);
    expect(same.shown).toMatchObject({ silent: true, stays: true });
  });
  it("that comes twice, or late, changes nothing", () => {
    const cancel = message({ n: 2, kind: "cancel", why: "false" });
    const twice = after([message(), cancel, message()]);
    expect(twice.shown).toMatchObject({ title: t("cancelled.title"), silent: true });
  });
  it("is in the words of the person's profile", () => {
    expect(after([message()], { profile: "wheelchair" }).shown.body).toMatch(/^Lock\./);
    expect(after([message()], { vibration: false }).shown.vibrate).toBeNull();
  });
  it("of one station is called that", () => {
    const near = [PLACE.lat, PLACE.lon, 40];
    const { shown } = after([message({ ns: 1, near, m: 8.4 })]);
    expect(shown.title).toBe(`${t("title")} · ${t("single.title")}`);
    expect(shown.body).toContain(t("single.strong"));
  });
});

describe("what is no alert here", () => {
  it("is a notice where it is light, with its sound", () => {
    const { shown } = after([message({ m: 5.6 })]);
    expect(shown).toMatchObject({ title: t("notice.title"), stays: false });
  });
  it("is silent where it is too weak", () => {
    const { shown } = after([message({ m: 4 })]);
    expect(shown).toMatchObject({ title: t("push.weak.title"), silent: true, stays: false });
  });
  it("is silent where the shaking is over when it comes", () => {
    const { shown } = after([message()], {}, T0 + 175_000);
    expect(shown).toMatchObject({ title: t("passed.title"), silent: true, stays: false });
  });
  it("a cancel of what was never shown is silent", () => {
    const { shown } = after([message({ kind: "cancel", why: "false" })]);
    expect(shown).toMatchObject({ title: t("outcome.cancelled"), silent: true, stays: false });
  });
  it("nothing reassures while another earthquake stands", () => {
    const other = message({ id: "e2", m: 8.4 });
    const cancel = message({ n: 2, kind: "cancel", why: "false" });
    const { shown } = after([other, message(), cancel]);
    expect(shown.body).not.toMatch(WORDING.en.calming);
  });
  it("expired: also of the version that is shown", () => {
    const late = after([message()], {}, T0 + 200_000).shown;
    expect(late).toMatchObject({ title: t("push.expired.title"), silent: true, stays: false });
    const { state, message: last } = after([message()]);
    const again = outcomeOf({ ok: true, message: last! }, facts(), state, last!.exp + 1, BUILT);
    expect(again.shown.title).toBe(t("push.expired.title"));
  });
  it.each(["not json", "malformed", "unknown key", "bad signature"] as const)("%s", (why) => {
    const { shown } = outcomeOf({ ok: false, why }, facts(), undefined, NOW, BUILT);
    expect(shown).toMatchObject({ title: t("app"), body: t("outcome.refused"), silent: true });
  });
  it("a test is called a test", () => {
    expect(after([message({ mode: "test" })]).shown).toMatchObject({
      ...{ title: t("app"), body: t("outcome.test"), silent: true },
    });
  });
  it("a message of the future is refused, and acted on when it comes again in time", () => {
    const future = message({ iss: NOW + 60_000 });
    const first = after([future]);
    expect(first.shown.body).toBe(t("outcome.future"));
    const then = outcomeOf(
      { ok: true, message: future },
      facts(),
      first.state,
      NOW + 60_000,
      BUILT,
    );
    expect(then.shown.title).toBe(t("late.title"));
  });
});

describe("a drill", () => {
  const day = new Date(T0).setHours(12, 0, 0, 0);
  const drill = (change = {}) =>
    message({ mode: "drill", t0: day - 6000, iss: day, exp: day + 180_000, ...change });
  it.each(CODES)("begins with the drill word in %s", (language) => {
    const { shown } = after([drill()], inLanguage(language), day);
    expect(shown.title.startsWith(translator(language)("drill.band"))).toBe(true);
    expect(shown).toMatchObject({ tag: "drill:e1", vibrate: "SD" });
  });
  it("also when it is cancelled, expired or weak", () => {
    const cancel = drill({ n: 2, kind: "cancel", why: "false" });
    for (const messages of [[drill(), cancel], [drill({ exp: day - 1 })], [drill({ m: 4 })]])
      expect(after(messages, {}, day).shown.title).toMatch(/^DRILL/);
  });
  it("is refused at night and shortly after a real earthquake", () => {
    const night = new Date(T0).setHours(23, 0, 0, 0);
    const late = drill({ t0: night - 6000, iss: night, exp: night + 180_000 });
    expect(after([late], {}, night).shown.body).toBe(t("outcome.night"));
    const real = message({ id: "e2", t0: day - 6000, iss: day, exp: day + 180_000 });
    expect(after([real, drill()], {}, day).shown.body).toBe(t("outcome.real"));
  });
});

describe("when it expires", () => {
  it("an alert that still stands is replaced", () => {
    const { state, message: last } = after([message()]);
    expect(afterExpiry(last!, state, facts())?.title).toBe(t("push.expired.title"));
  });
  it("a cancel is not, nor is a version that was followed by another", () => {
    const cancel = message({ n: 2, kind: "cancel", why: "false" });
    const { state } = after([message(), cancel]);
    expect(afterExpiry(cancel, state, facts())).toBeNull();
    expect(afterExpiry(message(), state, facts())).toBeNull();
  });
});

it.each(CODES)("%s: only a cancelled alert says that there is no danger", (language) => {
  const { safe } = WORDING[language];
  const others = [message(), message({ m: 5.6 }), message({ m: 4 }), message({ mode: "test" })];
  for (const each of others)
    expect(after([each], inLanguage(language)).shown.body).not.toMatch(safe);
  const late = after([message()], inLanguage(language), T0 + 200_000).shown;
  expect(late.body).not.toMatch(safe);
});
