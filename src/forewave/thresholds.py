"""How certain an event must be to be published and to be alerted on.

The events room checks it before an event's first solution, the alerts room again before the event's
first alert: when the forecast shaking becomes strong enough, the event may be less certain.
"""

from typing import Annotated

from msgspec import Struct

from forewave.field import Km, Probability, about


class Thresholds(Struct, frozen=True, kw_only=True):
    """Thresholds of an event; a part of the settings section `alerts`."""

    min_likelihood: Annotated[
        Probability,
        about("Least probability that an event is an earthquake, to publish it and to alert"),
    ] = 0.8
    max_epicentre_sigma_km: Annotated[
        Km,
        about(
            "Largest uncertainty of the epicentre (68 % radius) to publish an event and to alert; "
            "with n > 9 stations it is published below 3/sqrt(n) of this"
        ),
    ] = 60.0
