"""The certificates with which pages, stream and relay show who they are."""

import logging
import ssl
from pathlib import Path
from typing import Protocol

from forewave.errors import ConfigError
from forewave.settings import Settings

LOG = logging.getLogger("forewave")


class Certified(Protocol):
    """Settings that name a certificate. tls_key "": the key is in the certificate's file."""

    @property
    def tls_cert(self) -> str:
        """PEM, relative to the settings; "": no TLS."""

    @property
    def tls_key(self) -> str:
        """The same."""


class Certificates:
    """Those of a live machine, which are read again while it runs. None: no TLS."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        """Raises ConfigError as `server_context` does."""
        server, relay = settings.server, settings.relay
        self._named: dict[str, Certified] = {"server": server}
        if relay.on:
            self._named["relay"] = relay
        self._folder = folder
        self._contexts = {
            name: configured_context(each, folder) for name, each in self._named.items()
        }

    @property
    def server(self) -> ssl.SSLContext | None:
        """Of pages and stream."""
        return self._contexts["server"]

    @property
    def relay(self) -> ssl.SSLContext | None:
        """Of the relay."""
        return self._contexts.get("relay")

    def renew(self) -> None:
        """Show who connects from now on what is in the files now; what is wrong is logged."""
        for name, context in self._contexts.items():
            if context is None:
                continue
            named = self._named[name]
            try:
                configured_context(named, self._folder)  # or half of what is wrong would be taken
                context.load_cert_chain(*_files(named, self._folder), password=lambda: "")
            except (ConfigError, OSError) as error:
                LOG.error("%s: the certificate of before goes on: %s", name, error)
            else:
                LOG.info("%s: certificate read again", name)


def server_context(certificate: Path, key: Path | None = None) -> ssl.SSLContext:
    """For a server; without `key` it is in the certificate's file.

    Raises ConfigError, one line, where they cannot be read or do not belong together.
    """
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    files = " and ".join(str(file) for file in (certificate, key) if file is not None)
    try:
        # Never ask for a passphrase: a service has nobody who could answer.
        made.load_cert_chain(certificate, key, password=lambda: "")
    except ssl.SSLError as error:
        why = (error.reason or "no certificate and key in PEM").lower().replace("_", " ")
        raise ConfigError(f"{files}: {why}") from None
    except OSError as error:
        raise ConfigError(f"{files}: {error.strerror}") from None
    return made


def configured_context(settings: Certified, folder: Path) -> ssl.SSLContext | None:
    """What the settings ask for; None: no TLS. Raises ConfigError as `server_context` does."""
    return server_context(*_files(settings, folder)) if settings.tls_cert else None


def _files(settings: Certified, folder: Path) -> tuple[Path, Path | None]:
    return folder / settings.tls_cert, folder / settings.tls_key if settings.tls_key else None
