"""/keys.json: the signed key list as its file has it, and the files of keys that a server reads."""

import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Generic, TypeVar

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from forewave.delivery import key_list
from forewave.delivery.key_list import KeyList, RefusedListError, ServedList
from forewave.delivery.signing import PublicKeys
from forewave.errors import ConfigError, FormatError
from forewave.formats import bounded

NO_LIST = (
    "This server has no signed key list: the keys in config.json are trusted as far as the "
    "connection to it is.\n"
)
SOON = 30 * 86_400.0  # seconds before the end of a list from which it is reported
_LOG = logging.getLogger(__name__)

K = TypeVar("K", bound=PublicKeys)


def answer(
    current: Callable[[], ServedList | None],
) -> Callable[[Request], Awaitable[Response]]:
    """The handler of /keys.json; 404 with one line where there is no list."""

    async def respond(request: Request) -> Response:
        found = current()
        if found is None:
            return PlainTextResponse(NO_LIST, status_code=404)
        return Response(found[1], media_type="application/json")

    return respond


def load(path: Path, keys: PublicKeys) -> ServedList:
    """The list of a file, for a server that signs with these keys.

    Raises ConfigError if it cannot be read, is not signed by one of its roots, or does not list the
    signing key. What has expired is no error: the server can still alert who does not look at it.
    """
    try:
        data = bounded.read(path, key_list.LONGEST).strip()
        found = key_list.read(data, key_list.read_unverified(data).roots)
    except RefusedListError as error:
        raise ConfigError(f"{path}: {error}") from None
    except (OSError, FormatError) as error:
        why = getattr(error, "strerror", None) or error
        raise ConfigError(f"{path}: cannot read the key list: {why}") from None
    ids = {key.id for key in found.keys} - set(found.revoked)
    if keys.id not in ids:
        raise ConfigError(f"{path}: does not list the signing key {keys.id}, or revokes it")
    return found, data


def trusted_by(keys: PublicKeys, listed: ServedList | None) -> dict[str, bytes]:
    """The raw public keys whose messages are this server's, by id; of a list all but revoked ones.

    Messages of a key whose time is over stay in the history.
    """
    return keys.trusted if listed is None else listed[0].trusted(None)


def problems(found: KeyList, keys: PublicKeys, now: float) -> list[str]:
    """What devices will refuse, or will soon. now: POSIX seconds."""
    left = found.until / 1000.0 - now
    if left <= 0:
        return ["the key list has expired, devices refuse every alert; sign the next one"]
    if keys.id not in found.trusted(now):
        return [f"the signing key {keys.id} is not valid now, devices refuse every alert"]
    until = next(key.until for key in found.keys if key.id == keys.id) / 1000.0
    what = "key list" if found.until / 1000.0 <= until else "signing key"
    days = min(left, until - now) / 86_400.0
    if days * 86_400.0 < SOON:
        return [f"the {what} ends in {days:.0f} days; then devices refuse every alert"]
    return []


def believed(keys: PublicKeys, served: ServedList | None, now: float) -> dict[str, bytes]:
    """The raw keys, by id, whose messages a server passes on: of its file, and of its list.

    now: POSIX seconds. Where no key is valid now, the list has expired or this machine's clock is
    wrong. Dates then do not count, as for a server that signs: who does not look at the list is
    still alerted. Revoked keys are never believed.
    """
    if served is None:
        return dict(keys.trusted)
    found = served[0]
    for day in (now, None):
        if valid := keys.trusted.keys() & found.trusted(day).keys():
            return {name: raw for name, raw in keys.trusted.items() if name in valid}
    return {}


class KeyFiles(Generic[K]):
    """The files of keys and key list of a server. listed: None where it has no list.

    load: signing.load, or signing.load_public for a server that signs nothing.
    """

    def __init__(self, load: Callable[[Path], K], keys: Path, listed: Path | None) -> None:
        self._load, self._keys, self._listed = load, keys, listed
        self._newest: ServedList | None = None  # the list read last

    def read(self) -> tuple[K, ServedList | None]:
        """Read them. Raises ConfigError.

        A list older than the one before is an error too, and so is another one of the same version:
        devices that have seen the one before would refuse it.
        """
        keys = self._load(self._keys)
        if self._listed is None:
            return keys, None
        found = load(self._listed, keys)
        if self._newest is not None:
            try:
                key_list.check_order(found, self._newest)
            except RefusedListError as error:
                raise ConfigError(f"{self._listed}: devices would refuse it: {error}") from None
        self._newest = found
        for problem in problems(found[0], keys, time.time()):
            _LOG.error("%s: %s", self._listed, problem)
        return keys, found
