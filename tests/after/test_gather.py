"""The history of an event: from a recording, from a record, with a catalogue's solution."""

import math

import pytest
from msgspec.structs import replace

from forewave.after.gather import catalogue, from_record, from_recording, motions, reports
from forewave.archive import alert_archive
from forewave.delivery.reports.tally import Tally
from forewave.errors import ForewaveError, FormatError
from forewave.evaluate.scoring.catalogue import Quake
from forewave.formats.recordings import event_info
from forewave.formats.recordings.event_info import EventInfo
from forewave.types import Alert, Amplitude

TEXT = (
    "#EventID|Time|Latitude|Longitude|Depth/km|Author|Catalog|Contributor|ContributorID|MagType"
    "|Magnitude|MagAuthor|EventLocationName\n"
    "far|2030-01-01T00:00:20|40.0|10.0|5|a|b|c|d|Mw|4.0|e|Far away\n"
    "near|2030-01-01T00:00:21|24.1|121.5|10|a|b|c|d|Mw|5.2|e|Off Hualien\n"
)


def test_a_replay_is_marked_as_one_and_has_all_messages(history, recording):
    assert history.replayed
    assert history.alerts
    assert {issued.alert.mode for issued in history.alerts} == {"drill"}
    assert any("none was sent" in note for note in history.notes)
    assert len(history.truth.motions) + len(history.truth.left_out) == len(recording.stations)


def test_a_message_has_the_forecasts_that_were_known_when_it_was_issued(history):
    first, last = history.alerts[0], history.alerts[-1]
    assert first.forecasts
    event = last.alert.event
    assert set(last.forecasts) <= set(history.last[event])


def test_a_record_gives_the_messages_that_were_decided(history, record):
    found = from_record.history(record, None)
    assert not found.replayed
    assert [plain(i.alert) for i in found.alerts] == [plain(i.alert) for i in history.alerts]
    assert [s for _, s in found.solutions] == [s for _, s in history.solutions]
    assert found.truth.quake is None


def plain(alert: Alert):
    return replace(alert, mode="actual")


def test_forecasts_of_a_record_are_those_of_the_replay(history, record):
    found = from_record.history(record, None)
    for one, other in zip(found.alerts, history.alerts, strict=True):
        assert set(one.forecasts) == set(other.forecasts)
        for place, forecast in one.forecasts.items():
            assert forecast.intensity == pytest.approx(other.forecasts[place].intensity, abs=0.2)


def test_motion_of_a_record_is_near_that_of_the_waveforms(history, record):
    found = {m.station: m.mmi for m in from_record.history(record, None).truth.motions}
    strong = [m for m in history.truth.motions if m.mmi >= 4.0]
    assert strong
    assert all(abs(found[m.station] - m.mmi) <= 0.75 for m in strong if m.station in found)


def test_a_record_names_its_events_when_the_wrong_one_is_asked_for(record):
    with pytest.raises(FormatError, match=r"no event nosuch; expected one of "):
        from_record.history(record, "nosuch")


def test_events_are_found_without_the_signed_messages(record, tmp_path):
    for file in record.iterdir():
        if file.name != alert_archive.NAME and file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    assert list(from_record.events(tmp_path)) == list(from_record.events(record))


def test_a_record_without_alerts_says_so(tmp_path):
    with pytest.raises(FormatError, match="the record has no alert"):
        from_record.history(tmp_path, None)


def test_a_record_is_told_from_an_event_directory(record, event_folder):
    assert from_record.is_record(record)
    assert not from_record.is_record(event_folder)


def test_the_nearest_event_of_a_catalogue_is_taken(tmp_path):
    file = tmp_path / "events.txt"
    file.write_text(TEXT)
    found = catalogue.read(str(file))
    time = found[1].origin_time
    assert catalogue.nearest(found, time + 5.0, 24.0, 121.4).region == "Off Hualien"


@pytest.mark.parametrize(("seconds", "lat"), [(40.0, 24.0), (0.0, 26.0), (None, 24.0)])
def test_an_event_at_another_time_or_place_is_not_taken(seconds, lat, tmp_path):
    file = tmp_path / "events.txt"
    file.write_text(TEXT)
    found = catalogue.read(str(file))
    time = None if seconds is None else found[1].origin_time + seconds
    with pytest.raises(ForewaveError, match="none of 2 events"):
        catalogue.nearest(found, time, lat, 121.5)


def test_an_event_json_is_a_catalogue(tmp_path):
    info = EventInfo("one", 1.9e9, 24.0, 121.0, 10.0, 5.0, event_type="earthquake")
    event_info.write(tmp_path / "event.json", info)
    assert catalogue.read(str(tmp_path / "event.json")) == [info]


@pytest.mark.parametrize(
    "content", [b"", b"garbage", b"<xml", b"\xff\xfe\x00", b"#EventID|x\na|b\n"]
)
def test_a_file_that_is_no_catalogue_is_named(content, tmp_path):
    file = tmp_path / "events.txt"
    file.write_bytes(content)
    with pytest.raises(FormatError, match=r"events\.txt: "):
        catalogue.read(str(file))


def test_a_server_that_is_not_there_is_named():
    with pytest.raises(ForewaveError, match=r"http://127\.0\.0\.1:9/"):
        catalogue.read("http://127.0.0.1:9/fdsnws/event/1/query")


def test_a_service_is_asked_for_the_events_around(monkeypatch):
    asked = []

    def answer(address):
        asked.append(address)
        return TEXT.encode()

    monkeypatch.setattr(catalogue, "_fetched", answer)
    choose = catalogue.chooser("https://example.org/fdsnws/event/1")
    assert asked == []
    assert choose(1893456021.0, 24.0, 121.4).region == "Off Hualien"
    (address,) = asked
    assert address.startswith("https://example.org/fdsnws/event/1/query?format=text&")
    assert "starttime=2029-12-31T23%3A59%3A50&endtime=2030-01-01T00%3A00%3A52" in address
    with pytest.raises(ForewaveError, match="time of the earthquake is not known"):
        choose(None, 0.0, 0.0)


def test_another_solution_replaces_that_of_the_recording(recording):
    other = EventInfo(
        "x", 1.9e9, 24.2, 121.6, 12.0, 5.4, source="elsewhere", event_type="earthquake"
    )
    asked = []

    def choose(*about):
        asked.append(about)
        return other

    found = from_recording.history(recording, choose=choose)
    assert asked == [(recording.info.origin_time, recording.info.lat, recording.info.lon)]
    assert found.truth.quake.magnitude == 5.4
    assert found.info.id == recording.info.id


def amplitude(time, pga, clipped=False):
    return Amplitude("XX.A", time, None, None, 0.0, 0.0, 0.0, pga, pga / 30.0, 0.0, clipped)


def test_a_level_is_reached_when_the_peak_reaches_it(recording):
    quake = Quake(100.0, 24.0, 121.4, 10.0, 5.0)
    station = replace(recording.stations[0], code="XX.A")
    observed = [(t, amplitude(t, a)) for t, a in ((90.0, 9.0), (105.5, 0.1), (106.0, 0.9))]
    (motion,), left_out = motions.motions([station], observed, quake, None)
    assert not left_out
    assert motion.pga_ms2 == 0.9
    assert motion.reached["III"] == 105.5
    assert motion.reached["V"] == 106.0


def test_clipped_motion_and_a_silent_station_are_left_out(recording):
    quake = Quake(100.0, 24.0, 121.4, 10.0, 5.0)
    here = [
        replace(recording.stations[0], code="XX.A"),
        replace(recording.stations[0], code="XX.B"),
    ]
    found, left_out = motions.motions(here, [(105.0, amplitude(105.0, 1.0, True))], quake, None)
    assert not found
    assert dict(left_out) == {"XX.A": "clipped", "XX.B": "no motion above the noise, or no data"}


def test_without_an_origin_no_motion_is_the_earthquakes(recording):
    found, left_out = motions.motions(recording.stations, [], None, None)
    assert not found
    assert len(left_out) == len(recording.stations)


def test_felt_reports_are_read_beside_a_machine_that_writes(tmp_path):
    tally = Tally(tmp_path / reports.NAME)
    for _ in range(6):
        tally.add("felt", 20_000_000, "wsqq", 5)
    tally.write(20_000_000)
    found = reports.felt_reports(tmp_path, 20_000_000 * 60.0 + 30.0)
    assert [f.properties.mmi for f in found.features] == [5.0]
    later = reports.felt_reports(tmp_path, 20_000_000 * 60.0 + 90.0)
    assert later.features == ()
    tally.close()


def test_felt_reports_that_cannot_be_read_are_none(tmp_path):
    assert reports.felt_reports(tmp_path, math.pi) is None
    (tmp_path / reports.NAME).write_bytes(b"no database" * 100)
    assert reports.felt_reports(tmp_path, math.pi) is None
