"""Settings of phones as sensors."""

from typing import Annotated

from msgspec import Struct

from forewave.field import about


class PhoneSettings(Struct, frozen=True):
    """Phones as sensors."""

    on: Annotated[bool, about("Accept triggers from phones at the pages' server")] = False
    confirm: Annotated[
        bool, about("All phones together count as one station; false: sightings are only logged")
    ] = True
    alone: Annotated[
        bool,
        about("Phones may begin an event without any station: local, never action; uncalibrated"),
    ] = False
