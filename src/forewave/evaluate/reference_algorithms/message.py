"""The output of a reference algorithm as an alert of forewave."""

import math

from forewave.evaluate.scoring.playback import IssuedAlert
from forewave.types import Alert, Area, Forecast, Magnitude, Origin

EVERYWHERE_KM = 1000.0


def issued_alert(
    event: str,
    version: int,
    now: float,
    origin: Origin,
    magnitude: Magnitude,
    forecasts: dict[str, Forecast],
) -> IssuedAlert:
    """One alert, sent without delay; forecasts by station."""
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
    return IssuedAlert(now, alert, forecasts)
