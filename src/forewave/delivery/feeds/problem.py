"""What an error answers (RFC 9457)."""

from msgspec import Struct


class Problem(Struct, frozen=True, omit_defaults=True):
    """parameter: the one that is wrong."""

    title: str
    status: int
    detail: str
    parameter: str = ""
