"""Earthquake early warning, from seismometers to phones and TVs.

`import forewave` gives a program everything in `__all__`; docs/how-to/use-as-a-library.md shows how
it goes together. These names and what they take and give are stable; modules below are not. Each is
imported when it is first used, so that importing forewave itself is quick.

Importing it gives linear algebra one thread in this process. With several, a sum is added up in
another order and the last bits of an alert depend on the number of cores: the same input would no
longer give the same bytes. Matrices here have some hundred rows, for which one thread is also the
quickest. A program that imports numpy before forewave has to set these variables itself.
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

_ONE_THREAD = (
    "OPENBLAS_NUM_THREADS",  # what numpy and scipy from PyPI bring with them
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",  # macOS
)
os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))

if TYPE_CHECKING:
    from forewave.api.forecast import forecast
    from forewave.api.pipeline import Pipeline
    from forewave.api.playback import Analysis, analyze, play
    from forewave.api.recordings import from_obspy, read
    from forewave.client.listen import Listener, listen
    from forewave.client.place_alert import PlaceAlert
    from forewave.client.readiness import Readiness
    from forewave.earth.gmm import MODELS
    from forewave.errors import ConfigError, ForewaveError, FormatError, InputError, ModelError
    from forewave.formats.recordings.event_directory import Recording
    from forewave.formats.recordings.event_info import EventInfo
    from forewave.settings import Settings
    from forewave.types import (
        Alert,
        Amplitude,
        Arrival,
        Channel,
        Dropped,
        Forecast,
        Magnitude,
        Message,
        Origin,
        Packet,
        Pick,
        PickWithdrawn,
        Place,
        Rupture,
        ShakingForecast,
        Solution,
        Station,
        StationState,
        StreamId,
    )

_HOMES = {
    "forewave.api.forecast": ("forecast",),
    "forewave.api.pipeline": ("Pipeline",),
    "forewave.api.playback": ("Analysis", "analyze", "play"),
    "forewave.api.recordings": ("from_obspy", "read"),
    "forewave.client.listen": ("Listener", "listen"),
    "forewave.client.place_alert": ("PlaceAlert",),
    "forewave.client.readiness": ("Readiness",),
    "forewave.earth.gmm": ("MODELS",),
    "forewave.errors": (
        *("ConfigError", "ForewaveError", "FormatError", "InputError", "ModelError"),
    ),
    "forewave.formats.recordings.event_directory": ("Recording",),
    "forewave.formats.recordings.event_info": ("EventInfo",),
    "forewave.settings": ("Settings",),
    "forewave.types": (
        *("Alert", "Amplitude", "Arrival", "Channel", "Dropped", "Forecast", "Magnitude"),
        *("Message", "Origin", "Packet", "Pick", "PickWithdrawn", "Place", "Rupture"),
        *("ShakingForecast", "Solution", "Station", "StationState", "StreamId"),
    ),
}
_PUBLIC = {name: (module, name) for module, names in _HOMES.items() for name in names}

__all__ = [
    "MODELS",
    "Alert",
    "Amplitude",
    "Analysis",
    "Arrival",
    "Channel",
    "ConfigError",
    "Dropped",
    "EventInfo",
    "Forecast",
    "ForewaveError",
    "FormatError",
    "InputError",
    "Listener",
    "Magnitude",
    "Message",
    "ModelError",
    "Origin",
    "Packet",
    "Pick",
    "PickWithdrawn",
    "Pipeline",
    "Place",
    "PlaceAlert",
    "Readiness",
    "Recording",
    "Rupture",
    "Settings",
    "ShakingForecast",
    "Solution",
    "Station",
    "StationState",
    "StreamId",
    "analyze",
    "forecast",
    "from_obspy",
    "listen",
    "play",
    "read",
]


if not TYPE_CHECKING:  # for a type checker there is what is imported above, and no more

    def __getattr__(name: str) -> Any:
        """Import a public name when it is first used (PEP 562)."""
        if name not in _PUBLIC:
            raise AttributeError(f"module 'forewave' has no attribute {name!r}")
        module, attribute = _PUBLIC[name]
        found = getattr(import_module(module), attribute)
        globals()[name] = found
        return found

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
