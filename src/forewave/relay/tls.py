"""The TLS certificates of pages, stream and relay."""

import logging
import ssl
from pathlib import Path
from typing import Protocol

from forewave.errors import ConfigError
from forewave.settings import Settings

LOG = logging.getLogger("forewave")


class Certified(Protocol):
    """Settings with a certificate."""

    @property
    def tls_cert(self) -> str:
        """PEM file, relative to the settings file; "": no TLS."""

    @property
    def tls_key(self) -> str:
        """PEM file of the key; "": it is in the certificate's file."""


class Certificates:
    """The TLS contexts of a live run, which can be read again while it runs."""

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
        """For pages and stream; None: no TLS."""
        return self._contexts["server"]

    @property
    def relay(self) -> ssl.SSLContext | None:
        """For the relay; None: no TLS."""
        return self._contexts.get("relay")

    def renew(self) -> None:
        """Read the files again, for new connections. Errors are logged; the old ones stay."""
        for name, context in self._contexts.items():
            if context is None:
                continue
            named = self._named[name]
            try:
                configured_context(named, self._folder)  # a faulty pair must not be loaded in part
                context.load_cert_chain(*_files(named, self._folder), password=lambda: "")
            except (ConfigError, OSError) as error:
                LOG.error("%s: the previous certificate stays in use: %s", name, error)
            else:
                LOG.info("%s: certificate read again", name)


def server_context(certificate: Path, key: Path | None = None) -> ssl.SSLContext:
    """A TLS context for a server; without `key` it is read from the certificate's file.

    Raises ConfigError, one line, if they cannot be read or do not belong together.
    """
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    files = " and ".join(str(file) for file in (certificate, key) if file is not None)
    try:
        # An encrypted key must not prompt for its passphrase: a service has no terminal.
        made.load_cert_chain(certificate, key, password=lambda: "")
    except ssl.SSLError as error:
        why = (error.reason or "no certificate and key in PEM").lower().replace("_", " ")
        raise ConfigError(f"{files}: {why}") from None
    except OSError as error:
        raise ConfigError(f"{files}: {error.strerror}") from None
    return made


def configured_context(settings: Certified, folder: Path) -> ssl.SSLContext | None:
    """The context for the settings; None: no TLS. Raises ConfigError as `server_context` does."""
    return server_context(*_files(settings, folder)) if settings.tls_cert else None


def _files(settings: Certified, folder: Path) -> tuple[Path, Path | None]:
    return folder / settings.tls_cert, folder / settings.tls_key if settings.tls_key else None
