import warnings
from io import BytesIO
from pathlib import Path

import obspy.io.quakeml
import pytest
from lxml import etree
from obspy import read_events

from forewave.archive.catalogue.query import Event, Version
from forewave.archive.web_services.events.quakeml import event_of, iso, public_id, quakeml
from forewave.types import PHONES, Arrival
from tests.archive.catalogue.conftest import LINE, T0, record

SCHEMA = Path(obspy.io.quakeml.__file__).parent / "data" / "QuakeML-1.2.xsd"


def event(*records, mode="actual"):
    from forewave.archive.catalogue.records import rows

    versions = []
    for each in records:
        row, solution = dict(rows(each))["solutions"], each.solution
        versions.append(
            Version(
                solution.version,
                each.issued,
                solution.origin,
                solution.magnitude,
                solution.rupture,
                solution.likelihood,
                solution.withdrawn,
                row["picks"],
            )
        )
    first = records[0]
    return Event(mode, first.solution.event, first.issued, records[-1].issued, tuple(versions))


TWO = event(record(), record(version=2, magnitude=6.0, rupture=LINE))


def opened(document):
    """By ObsPy, in which no warning is acceptable."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return read_events(BytesIO(document), "QUAKEML")


def made(*events, **wanted):
    return quakeml(events, ["somewhere"] * len(events), created=T0 + 100.0, **wanted)


@pytest.mark.parametrize("full", [False, True])
def test_it_is_valid_by_the_schema(full):
    phones = Arrival(PHONES, PHONES, "S", T0, 1.0, 5.0, 1.0, vouched=False)
    odd = event(record("a b|ü/ç", picks=(phones,), depth_km=-0.5))
    gone = event(record("fw3", withdrawn="<false> & picks"))
    drill = event(record("fw4"), mode="drill")
    everything = {"origins": full, "magnitudes": full, "arrivals": full}
    document = made(TWO, odd, gone, drill, **everything)
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    assert schema.validate(etree.fromstring(document)), schema.error_log
    found = opened(document)
    assert [each.event_type for each in found] == [
        "earthquake",
        "earthquake",
        "not existing",
        "other event",
    ]
    assert [each.event_type_certainty for each in found] == ["suspected"] * 3 + [None]
    assert found[3].event_descriptions[0].text == "DRILL - somewhere"
    assert found[2].comments[1].text == "withdrawn: <false> & picks"


def test_obspy_finds_the_values_of_the_last_version():
    (found,) = opened(made(TWO))
    origin, magnitude = found.preferred_origin(), found.preferred_magnitude()
    assert (len(found.origins), len(found.magnitudes), len(found.picks)) == (1, 1, 0)
    assert origin.time.timestamp == T0
    assert (origin.latitude, origin.longitude, origin.depth) == (24.0, 121.5, 12_000.0)
    assert origin.depth_errors.uncertainty == 5_000.0
    assert origin.origin_uncertainty.horizontal_uncertainty == 2_500.0
    assert (origin.quality.used_phase_count, origin.quality.used_station_count) == (1, 1)
    assert (magnitude.mag, magnitude.magnitude_type) == (6.0, "Mw")
    assert magnitude.mag_errors.uncertainty == 0.25
    assert found.creation_info.version == "2"
    assert found.event_descriptions[0].text == "somewhere"


def test_every_version_and_the_arrivals_are_there_if_wanted():
    (found,) = opened(made(TWO, origins=True, magnitudes=True, arrivals=True))
    assert [each.mag for each in found.magnitudes] == [5.5, 6.0]
    assert found.preferred_origin().resource_id.id.endswith("/origin/2")
    assert found.preferred_magnitude().origin_id == found.preferred_origin().resource_id
    first, second = found.preferred_origin().arrivals
    assert not found.origins[0].arrivals
    assert (first.phase, second.phase, first.time_residual) == ("P", "S", -0.12)
    assert first.distance == pytest.approx(20.5 / 111.195, abs=1e-4)
    pick = first.pick_id.get_referred_object()
    assert (pick.time.timestamp, pick.waveform_id.get_seed_string()) == (T0 + 3.5, "CW.HWA..")


def test_a_magnitude_names_no_origin_that_is_not_in_the_document():
    (found,) = opened(made(TWO, magnitudes=True))
    assert [each.origin_id is None for each in found.magnitudes] == [True, False]


def test_ids_say_mode_and_event():
    assert public_id(TWO, "pick", 3) == "quakeml:forewave/actual/fw1/pick/3"
    assert event_of(public_id(TWO)) == ("actual", "fw1")
    assert event_of("fw1") is None
    assert event_of("quakeml:other/actual/fw1") is None


def test_times_have_microseconds():
    assert iso(1.25) == "1970-01-01T00:00:01.250000Z"
    assert iso(-1.0) == "1969-12-31T23:59:59.000000Z"
