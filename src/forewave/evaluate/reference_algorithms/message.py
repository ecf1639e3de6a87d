"""What another system tells, in the words of our own alerts."""

import math

from forewave.evaluate.scoring.playback import Told
from forewave.types import Alert, Area, Forecast, Magnitude, Origin

EVERYWHERE_KM = 1000.0


def told(
    event: str,
    version: int,
    now: float,
    origin: Origin,
    magnitude: Magnitude,
    forecasts: dict[str, Forecast],
) -> Told:
    """One message, out at once; forecasts by station."""
    strongest = max((f.intensity for f in forecasts.values()), default=math.nan)
    alert = Alert(
        id=f"{event}-{version}",
        event=event,
        version=version,
        kind="new" if version == 1 else "update",
        mode="drill",
        level="action" if strongest >= 5.0 else "aware",
        area=Area(origin.lat, origin.lon, EVERYWHERE_KM),
        issued=now,
        expires=now + 60.0,
        origin=origin,
        magnitude=magnitude,
        rupture=None,
        field=(),
        max_intensity=strongest,
        stations=magnitude.stations,
        source="point",
    )
    return Told(now, alert, forecasts)
