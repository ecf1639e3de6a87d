"""The texts for people: the texts of the pages, in all their languages.

The build of the pages puts the table "pages" of web/languages/<code>.toml into forewave/web/words.
"""

from functools import lru_cache
from math import isnan
from pathlib import Path

import msgspec
from msgspec import Struct

from forewave.channels.card import Notification
from forewave.delivery.pages import WEB
from forewave.errors import ConfigError

FOLDER = WEB / "words"
NOTICE_MMI = 5.0  # below it a page shows a notice, not an alert
LEAST_SECONDS = 1.0  # a smaller number is over before it is read


class Text(Struct, frozen=True):
    """Title and body. A drill is called so at the beginning of both."""

    title: str
    body: str


class Words:
    """The texts of one language. Raises ConfigError where the pages are not built."""

    def __init__(self, language: str, folder: Path = FOLDER) -> None:
        self._texts = _load(folder / f"{language}.json")

    def text(self, notification: Notification) -> Text:
        """What to tell people of a notification."""
        title, *lines = self._lines(notification)
        if notification.alert.drill:
            drill = self._texts["drill.band"]
            title, lines = f"{drill}: {title}", [drill, *lines]
        return Text(title, "\n".join(lines))

    def _lines(self, notification: Notification) -> list[str]:
        alert = notification.alert
        if notification.reason == "cancel" and alert.cancelled:
            return self._parts(_end(notification), notification)
        if not notification.active and notification.reason != "final":
            return self._parts("lowered", notification)
        if notification.reason == "final":
            return [self._texts["passed.title"], self._texts["passed.detail"]]
        if notification.swarm:
            return self._swarm(notification)
        facts = [self._magnitude(notification), self._where(notification)]
        return [*self._coming(notification), *(fact for fact in facts if fact)]

    def _parts(self, name: str, notification: Notification) -> list[str]:
        another = notification.concurrent and name != "lowered"
        detail = "concurrent.detail" if another else f"{name}.detail"
        texts = [self._texts[key] for key in (f"{name}.title", f"{name}.action", detail)]
        return [*texts, self._where(notification)] if self._where(notification) else texts

    def _coming(self, notification: Notification) -> list[str]:
        alert, t = notification.alert, self._texts
        level = t[f"level.{max(4, min(10, _rounded(alert.mmi)))}"]
        if alert.single_station:
            title = t["single.phones" if alert.only_phones else "single.title"]
            strong = alert.level == "action"
            return [title, t["single.strong" if strong else "single.weak"], t["single.ready"]]
        if not alert.place and isnan(alert.s_arrival):
            intensity = f"{t['epicentre']}: {alert.lat:.2f}, {alert.lon:.2f}"
            return [f"{t['title']}: {level}", intensity]
        if alert.mmi < NOTICE_MMI:
            notice = t[f"notice.{max(4, _rounded(alert.mmi))}"]
            return [f"{t['notice.title']}: {notice}", t["notice.detail"]]
        if alert.seconds is not None and alert.seconds < 0:
            return [t["late.title"], t["late.action"], t["late.detail"]]
        action = t["action.standard"]
        if alert.seconds is None or alert.seconds < LEAST_SECONDS:
            return [f"{t['title']}: {level}", t["nocount"], action]
        seconds = t["seconds.spoken"].replace("{n}", str(int(alert.seconds)))
        return [
            f"{t['title']}: {level}",
            f"{t['count'].replace('{level}', level)} {seconds}",
            action,
        ]

    def _swarm(self, notification: Notification) -> list[str]:
        t, number = self._texts, str(len(notification.swarm) + 1)
        word = t[f"mmi.{max(1, min(10, _rounded(notification.alert.mmi)))}"]
        said = t["swarm.action"].replace("{n}", number).replace("{intensity}", word)
        return [t["swarm.title"], said, t["swarm.detail"]]

    def _magnitude(self, notification: Notification) -> str:
        return f"{self._texts['magnitude']}: {notification.alert.magnitude:.1f}"

    def _where(self, notification: Notification) -> str:
        return (
            f"{self._texts['place']}: {notification.alert.place}"
            if notification.alert.place
            else ""
        )


def _end(notification: Notification) -> str:
    """The texts of an alert that was taken back; a drill was no mistake, and has ended."""
    if notification.alert.drill:
        return "ended"
    return "concurrent.other" if notification.concurrent else "cancelled"


def _rounded(mmi: float) -> int:
    """As the pages round it; 1 where it is not known."""
    return 1 if isnan(mmi) else int(mmi + 0.5)


@lru_cache
def _load(path: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except OSError as error:
        raise ConfigError(
            f"{path}: {error.strerror}; the pages are not built: npm --prefix web run build"
        ) from None
