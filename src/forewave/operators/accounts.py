"""Accounts of operators: names, and passwords hashed by argon2id (RFC 9106), in a file.

The file is read at each login, so that an account that was removed cannot log in any more.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from forewave.errors import ConfigError, FormatError, InputError
from forewave.formats import bounded
from forewave.formats.storage import whole_file

SHORTEST = 12  # characters of a password
LONGEST = 1024  # characters of a password that is looked at
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
_FILE_BYTES = 1_000_000
# 19 MiB, two passes, one lane (OWASP, Password Storage Cheat Sheet): about 30 ms of one core. More
# lanes would take all cores from the rooms while somebody tries passwords.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Verified for a name that does not exist, so that the time of an answer does not tell.
_NOBODY = _HASHER.hash("the password of nobody")


class Accounts:
    """The accounts of a file, which need not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self) -> list[str]:
        """All names. Raises ConfigError where the file is damaged or others may read it."""
        return sorted(self._read())

    def add(self, name: str, password: str) -> None:
        """Add an account, or give it another password. Raises InputError, ConfigError."""
        self.check(name, password)
        self._write(self._read() | {name: _HASHER.hash(password)})

    def check(self, name: str, password: str) -> None:
        """Whether an account can have these. Raises InputError."""
        if not _NAME.fullmatch(name):
            raise InputError(f"name {name!r}: expected a-z, 0-9, '.', '_' or '-', at most 32")
        if len(password) < SHORTEST:
            raise InputError(f"password: expected at least {SHORTEST} characters")
        if len(password) > LONGEST:
            raise InputError(f"password: expected at most {LONGEST} characters")

    def remove(self, name: str) -> None:
        """Remove an account. Raises InputError where there is none, ConfigError."""
        accounts = self._read()
        if accounts.pop(name, None) is None:
            raise InputError(f"{self.path}: no account {name!r}")
        self._write(accounts)

    def verify(self, name: str, password: str) -> bool:
        """Whether the password is that of the name. Takes the same time for every answer.

        About 30 ms and 19 MiB: call it in a thread. Raises ConfigError.
        """
        stored = self._read().get(name)
        try:
            _HASHER.verify(stored or _NOBODY, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def _read(self) -> dict[str, str]:
        if not self.path.exists():
            return {}
        try:
            if os.name == "posix" and self.path.stat().st_mode & 0o077:
                raise ConfigError(f"{self.path}: others may read it; run: chmod 600 {self.path}")
            found: Any = json.loads(bounded.read(self.path, _FILE_BYTES))["operators"]
            if not all(isinstance(part, str) for pair in found.items() for part in pair):
                raise ValueError("expected names and hashes")
        except (OSError, ValueError, KeyError, TypeError, AttributeError, FormatError) as error:
            raise ConfigError(f"{self.path}: no file of operators: {error}") from None
        return dict(found)

    def _write(self, accounts: dict[str, str]) -> None:
        content = json.dumps({"operators": accounts}, indent=1).encode()
        whole_file.replace(self.path, content, mode=0o600, sync=True)
