import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.errors import FormatError
from forewave.formats.recordings import event_info
from forewave.formats.recordings.event_info import EventInfo, OtherEvent
from forewave.types import Rupture


@pytest.fixture
def read(tmp_path):
    def of(content):
        path = tmp_path / "event.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return event_info.read(path)

    return of


def test_an_event(read):
    info = read({"id": "a", "origin_time": "2021-04-18T14:11:39.5Z", "lat": 23, "more": [1]})
    assert info == EventInfo("a", 1618755099.5, 23.0)


def test_a_time_without_a_zone_is_utc_and_posix_seconds_are_taken(read):
    assert read({"id": "a", "origin_time": "2021-04-18T14:11:39"}).origin_time == 1618755099.0
    assert read({"id": "a", "origin_time": 1618755099}).origin_time == 1618755099.0


def test_without_an_id_the_folder_names_it(read, tmp_path):
    assert read({}).id == tmp_path.name


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "Input data was truncated"),
        ("[1]", "expected a JSON object, found list"),
        ({"lat": "north"}, "Expected `float | null`, got `str` - at `$.lat`"),
        ({"lat": 91}, "lat is 91.0, expected -90 to 90"),
        ({"magnitude": 99}, "magnitude is 99.0, expected -5 to 10"),
        ({"depth_km": 15000}, "depth_km is 15000.0"),
        ({"origin_time": "soon"}, "soon"),
        ({"origin_time": [2021]}, "origin_time is"),
        ({"id": 5}, "at `$.id`"),
        ({"other_catalogue_events_in_window": [3]}, "other_catalogue_events_in_window"),
        ({"other_catalogue_events_in_window": [{"lat": 1, "lon": 2}]}, "origin_time"),
        ('{"lat": NaN}', "invalid character"),
        ('{"lat": 1e999}', "out of range"),
    ],
)
def test_a_bad_event_is_one_line_that_names_file_and_key(read, tmp_path, content, why):
    with pytest.raises(FormatError) as error:
        read(content)
    assert str(error.value).startswith(str(tmp_path / "event.json"))
    assert why in str(error.value)
    assert "\n" not in str(error.value)


def test_a_mark_of_an_editor_before_it_is_no_part_of_it(tmp_path):
    (tmp_path / "event.json").write_bytes(b'\xef\xbb\xbf{"id": "e1"}')
    assert event_info.read(tmp_path / "event.json") == EventInfo("e1")


def test_a_missing_file(tmp_path):
    with pytest.raises(FormatError, match=r"event\.json: No such file"):
        event_info.read(tmp_path / "event.json")


number = st.none() | st.floats(-90, 90)


@given(
    st.builds(
        EventInfo,
        st.text(min_size=1),
        st.none() | st.integers(0, 4 * 10**15).map(lambda us: us / 1e6),
        number,
        number,
        st.none() | st.floats(0, 700),
        st.none() | st.floats(0, 9.5),
        st.none() | st.text(),
    )
)
def test_what_is_written_is_read(tmp_path_factory, info):
    path = tmp_path_factory.mktemp("event") / "event.json"
    event_info.write(path, info)
    back = event_info.read(path)
    assert back.origin_time == pytest.approx(info.origin_time, abs=1e-6)
    assert (back.id, back.lat, back.depth_km) == (info.id, info.lat, info.depth_km)
    assert (back.magnitude, back.magtype) == (info.magnitude, info.magtype)


def test_others_and_the_rupture_are_written_and_read_back(tmp_path):
    others = (OtherEvent(1618755101.25, 23.5, 121.5, 10.0, 4.5), OtherEvent(1618755199.0, 1.0, 2.0))
    rupture = Rupture(23.0, 121.0, 24.0, 121.0, 2.0, 111.2, 0.0)
    info = EventInfo("a", 1618755099.5, other_catalogue_events_in_window=others, rupture=rupture)
    event_info.write(tmp_path / "event.json", info)
    assert event_info.read(tmp_path / "event.json") == info
    written = json.loads((tmp_path / "event.json").read_text())
    first = written["other_catalogue_events_in_window"][0]
    assert first["origin_time"] == "2021-04-18T14:11:41.250000Z"


def test_what_is_not_known_of_others_is_not_written(tmp_path):
    event_info.write(tmp_path / "event.json", EventInfo("a"))
    assert "other" not in (tmp_path / "event.json").read_text()
