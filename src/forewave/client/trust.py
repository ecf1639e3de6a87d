"""Whom a listening program believes: the keys of a signed list, or those that the service lists.

Where the service has a key list that an offline root has signed (delivery/key_list.py), only its
keys count, from the first one seen: an answer without it, or with an older one, changes nothing.
Roots are given, or are those of the first list. Where there is none, the keys of /config.json are
trusted as far as the connection is.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from forewave.client.service import Config
from forewave.delivery.key_list import Follower, RefusedListError
from forewave.errors import InputError
from forewave.formats.protocols.alert_message import encode
from forewave.formats.storage import whole_file

_LOG = logging.getLogger(__name__)


class Trust:
    """pinned: public keys by id; no other is believed. roots: public root keys; None: first use.

    kept: file in which the newest list is kept, so that an older one is refused after a restart.
    built: POSIX seconds; a date before it is that of a clock which is not set. refusal: why the
    last list was not believed, "" if it was. Raises InputError if the file is damaged.
    """

    def __init__(
        self,
        pinned: Mapping[str, bytes] | None = None,
        roots: Iterable[str] | None = None,
        kept: Path | None = None,
        built: float = 0.0,
    ) -> None:
        self._pinned, self._kept, self._built = pinned, kept, built
        self._given = None if roots is None else tuple(roots)
        self._follower = Follower(self._given)
        self._listed: Mapping[str, bytes] = {}
        self.refusal = ""
        if kept is not None and kept.exists():
            self._resume(kept)

    @property
    def version(self) -> int:
        """The version of the newest list that was believed; 0: none."""
        return 0 if self._follower.newest is None else self._follower.newest.n

    def learn(self, config: Config, date: float, server: float | None) -> None:
        """Take what the service answers. date: this machine's, server: the server's time."""
        self._listed = config.keys
        if config.key_list is None:
            return
        before = self.version
        try:
            self._follower.take(config.key_list, self._today(date, server))
        except RefusedListError as error:
            self.refusal = str(error)
            return
        self.refusal = ""
        if self._kept is not None and self.version > before:
            self._keep(self._kept)

    def keys(self, date: float, server: float | None) -> dict[str, bytes]:
        """The keys that may sign now."""
        known = self._listed
        if self._follower.has_root:
            known = self._follower.trusted(self._today(date, server))
        if self._pinned is None:
            return dict(known)
        # The service must still list them: what it no longer lists may be withdrawn.
        return {name: raw for name, raw in self._pinned.items() if name in known}

    def _today(self, date: float, server: float | None) -> float | None:
        return date if date >= self._built else server

    def _resume(self, kept: Path) -> None:
        """Go on from the file; its list may have expired, but still tells the version."""
        try:
            found: dict[str, Any] = json.loads(kept.read_bytes())
            follower = Follower(found["roots"] if self._given is None else self._given)
            follower.take(encode(found["list"]), None)
        except RefusedListError as error:
            if self._given is not None and error.why == "unknown root":
                return  # another root was given since
            raise _damaged(kept, error) from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise _damaged(kept, error) from None
        self._follower.newest, self._follower.data = follower.newest, follower.data
        if self._given is None:
            self._follower.roots = follower.roots

    def _keep(self, kept: Path) -> None:
        fields = {"roots": self._follower.roots, "list": json.loads(self._follower.data)}
        try:
            whole_file.replace(kept, json.dumps(fields).encode())
        except OSError as error:
            _LOG.warning("%s: the key list cannot be kept: %s", kept, error.strerror)


def _damaged(kept: Path, error: Exception) -> InputError:
    why = str(error) or type(error).__name__
    return InputError(f"{kept}: damaged ({why}); without it the next key list would be trusted")
