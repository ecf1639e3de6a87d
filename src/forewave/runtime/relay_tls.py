"""The certificate with which the relay shows who it is."""

import ssl
from pathlib import Path

from forewave.errors import ConfigError
from forewave.settings import RelaySettings


def context(certificate: Path, key: Path | None = None) -> ssl.SSLContext:
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


def of(settings: RelaySettings, folder: Path) -> ssl.SSLContext | None:
    """What the settings ask for; None: no TLS. Raises ConfigError as `context` does."""
    if not settings.tls_cert:
        return None
    key = folder / settings.tls_key if settings.tls_key else None
    return context(folder / settings.tls_cert, key)
