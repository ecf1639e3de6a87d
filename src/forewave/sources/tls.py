"""The certificates that a source trusts."""

import ssl
from functools import lru_cache

from forewave.errors import ConfigError


@lru_cache
def trust(file: str) -> ssl.SSLContext:
    """A TLS context that trusts the system's certificates, or only those in a file.

    Cached, since reading the system's certificates is slow. Raises ConfigError, one line.
    """
    try:
        return ssl.create_default_context(cafile=file or None)
    except ssl.SSLError:
        raise ConfigError(f"tls_ca: {file}: contains no PEM certificate") from None
    except OSError as error:
        raise ConfigError(f"tls_ca: {file}: {error.strerror}") from None
