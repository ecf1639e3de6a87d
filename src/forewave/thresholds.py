"""How certain an event must be before anybody learns of it, in one place for two rooms.

The events room asks before it publishes an event's first solution, the alerts room before it
issues the event's first alert: by the time that the shaking is strong enough for one, the event
may have become less certain.
"""

from typing import Annotated

from msgspec import Struct

from forewave.field import Km, Probability, about


class Thresholds(Struct, frozen=True, kw_only=True):
    """What an event must reach. A part of the section `alerts`."""

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
