"""Whose certificates a source trusts."""

import ssl
from functools import lru_cache

from forewave.errors import ConfigError


@lru_cache
def trust(file: str) -> ssl.SSLContext:
    """The machine's certificates, or only those in a file. Raises ConfigError, one line.

    Reading the machine's takes long enough to do it once.
    """
    try:
        return ssl.create_default_context(cafile=file or None)
    except ssl.SSLError:
        raise ConfigError(f"tls_ca: {file}: holds no certificate in PEM") from None
    except OSError as error:
        raise ConfigError(f"tls_ca: {file}: {error.strerror}") from None
