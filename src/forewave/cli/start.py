"""The entry of the program: Ctrl-C ends it with one line at any moment, also while it is imported.

Commands that run until Ctrl-C handle it themselves (`process.signals`) and end without error.
"""

import os
import signal
import sys
from typing import Any, NoReturn

INTERRUPTED = 130  # exit code: 128 + SIGINT, as shells have it


def start() -> None:
    """Import the commands and run the one that was typed."""
    handled = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # else it is ignored
    if handled:
        signal.signal(signal.SIGINT, _end)
    from forewave.cli.main import main

    sys.unraisablehook = unraisable
    if handled:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    main()


def unraisable(what: Any) -> None:
    """End on an interrupt in a callback, which Python would print and then go on."""
    if issubclass(what.exc_type, KeyboardInterrupt):
        _end()
    sys.__unraisablehook__(what)


def _end(*_: Any) -> NoReturn:
    """At once: nothing has begun that would have to be ended, or it could not be told of it."""
    os.write(2, b"Interrupted.\n")
    os._exit(INTERRUPTED)
