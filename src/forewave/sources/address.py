"""Addresses of servers as they stand in settings: "host", "host:port" or "[IPv6]:port"."""

import ipaddress
import re

from forewave.errors import ConfigError

HIGHEST_PORT = 65535
EXPECTED = '"host", "host:port" or, for IPv6, "[2001:db8::1]:port"'
_LABEL = re.compile(r"[A-Za-z0-9_-]{1,63}")


def split(text: str, default_port: int) -> tuple[str, int]:
    """Host and port of an address; `default_port` where it names none.

    The host is returned without brackets. Raises ConfigError, one line: a second colon belongs to
    an IPv6 address, and then the address stands in brackets, "[2001:db8::1]:18000".
    """
    host, port = text, ""
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        named = rest.startswith(":")
        port, valid = rest[1:], bool(bracket) and (named or not rest) and _is_ipv6(host)
    else:
        host, colon, port = text.partition(":")
        named, valid = bool(colon), is_host(host)
    if not valid or (named and not _is_port(port)):
        raise ConfigError(f"expected {EXPECTED}, found {text!r}")
    return host, int(port) if named else default_port


def join(host: str, port: int) -> str:
    """The address of a host and its port, with brackets around an IPv6 address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_host(text: str) -> bool:
    """Whether a text is a host name, an IPv4 address, or an IPv6 address without brackets.

    A port, a path or a scheme is none of these. Names beyond ASCII are accepted (IDNA).
    """
    if _is_ipv6(text):
        return True
    try:
        labels = text.removesuffix(".").encode("idna").decode("ascii").split(".")
    except UnicodeError:
        return False
    return all(_LABEL.fullmatch(label) for label in labels)


def _is_ipv6(text: str) -> bool:
    try:
        return isinstance(ipaddress.ip_address(text), ipaddress.IPv6Address)
    except ValueError:
        return False


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < int(text) <= HIGHEST_PORT
