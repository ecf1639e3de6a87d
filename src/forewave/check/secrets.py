"""Files that other users of this computer can read or change, and certificates that expire."""

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InternalError

from forewave.check.finding import Finding
from forewave.errors import ConfigError
from forewave.relay import tls
from forewave.settings import Settings
from forewave.sources.mqtt.source import MqttSettings
from forewave.sources.seedlink.settings import SeedLinkSettings

SOON = timedelta(days=14)  # before expiry; certificates for 90 days are renewed after 60


def secrets(path: Path, settings: Settings) -> Iterator[Finding]:
    """All of them. path: the forewave.toml; paths in it are relative to its folder."""
    root = path.parent
    if _has_secrets(settings):
        yield from _readable("settings", path, "which holds a password or token")
    files = {"settings": path, "network.inventory": root / settings.network.inventory}
    files["keys.file"] = root / settings.keys.file
    if settings.keys.list:
        files["keys.list"] = root / settings.keys.list
    if settings.operators.file:
        files["operators.file"] = root / settings.operators.file
        yield from _readable("operators.file", files["operators.file"], "which holds hashes")
    for subject, file in files.items():
        yield from _changeable(subject, file, 0)
    for folder in dict.fromkeys(file.absolute().parent for file in files.values()):
        yield from _changeable("folder", folder, stat.S_ISVTX)
    served = {"server": settings.server} | ({"relay": settings.relay} if settings.relay.on else {})
    for section, named in served.items():
        if named.tls_cert:
            key = root / (named.tls_key or named.tls_cert)
            yield from _readable(f"{section}.tls_key", key, "which holds a private key")
            yield from _certificate(section, named, root)


def _has_secrets(settings: Settings) -> bool:
    hidden = ("password", "secret", "urls", "headers")
    if any(table.get(key) for table in settings.channels for key in hidden):
        return True
    if ":" in settings.catalogue.database.partition("://")[2].rpartition("@")[0]:
        return True
    return bool(settings.server.token) or any(
        (isinstance(entry, MqttSettings) and entry.password)
        or (isinstance(entry, SeedLinkSettings) and entry.auth)
        for entry in settings.sources
    )


def _readable(subject: str, file: Path, why: str) -> Iterator[Finding]:
    """Readable by everybody; a group may be meant to read it."""
    if _mode(file) & stat.S_IROTH:
        what = f"every user can read {file}, {why}"
        yield Finding("warning", subject, what, f"chmod o= {file}")


def _changeable(subject: str, place: Path, sticky: int) -> Iterator[Finding]:
    """Writable by everybody: it decides who is alerted. sticky: the bit that protects a folder."""
    mode = _mode(place)
    if mode & stat.S_IWOTH and not mode & sticky:
        what = f"every user can change {place}"
        yield Finding("warning", subject, what, f"chmod o-w {place}")


def _mode(file: Path) -> int:
    """Permission bits; 0 if there is no such file, or outside of POSIX."""
    try:
        return file.stat().st_mode if os.name == "posix" else 0
    except OSError:
        return 0


def _certificate(section: str, named: tls.Certified, root: Path) -> Iterator[Finding]:
    subject, file = f"{section}.tls_cert", root / named.tls_cert
    try:
        tls.configured_context(named, root)
        ends = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except (ConfigError, OSError, ValueError, InternalError, x509.InvalidVersion) as error:
        remedy = "set a certificate and key that forewave can read"
        yield Finding("error", subject, str(error), remedy)
        return
    left = ends - datetime.now(UTC)
    if left < timedelta(0):
        what = f"expired on {ends:%Y-%m-%d}: devices refuse it"
        yield Finding("error", subject, what, "renew it, then send SIGHUP")
    elif left < SOON:
        what = f"expires on {ends:%Y-%m-%d}, in {left.days} days"
        yield Finding("warning", subject, what, "renew it, then send SIGHUP")
