import json
import math

from msgspec.structs import replace

from forewave.replay.json_lines import Tally, alert_line
from forewave.types import Alert, Area, Dropped, Magnitude, Origin, Rupture

ALERT = Alert(
    id="e.2",
    event="e",
    version=2,
    kind="update",
    mode="drill",
    level="action",
    area=Area(1, 2, 3),
    issued=1006.12345,
    expires=1100,
    origin=Origin(1000.1, 23.987654, 121.5, 12.345, 0.3, 4, 5),
    magnitude=Magnitude(6.123, 0.277, "Mpd", 5),
    rupture=None,
    field=(),
    max_intensity=6.789,
    stations=5,
    source="point",
)


def test_an_alert_line_is_as_documented():
    line = json.loads(alert_line(ALERT, 1000.0))
    assert line == {
        "type": "alert",
        "kind": "update",
        "event": "e",
        "version": 2,
        "issued": 1006.123,
        "t_after_origin": 6.123,
        "lat": 23.9877,
        "lon": 121.5,
        "depth_km": 12.3,
        "mag": 6.12,
        "mag_sigma": 0.28,
        "stations": 5,
        "rupture_km": None,
        "max_intensity": 6.79,
        "source": "point",
    }


def test_what_is_not_known_is_null():
    rupture = Rupture(1, 2, 3, 4, 5, 24.04, 20.0)
    strange = replace(ALERT, rupture=rupture, max_intensity=math.nan)
    line = json.loads(alert_line(strange, None))
    assert line["t_after_origin"] is None
    assert line["max_intensity"] is None
    assert line["rupture_km"] == 24.0


def test_the_summary_counts():
    tally = Tally()
    for word in (ALERT, replace(ALERT, kind="cancel"), Dropped("x", "gap"), Dropped("y", "gap")):
        tally.add(word)
    assert json.loads(tally.summary_line(1000.0, id="small")) == {
        "type": "summary",
        "id": "small",
        "events": 1,
        "alerts": {"new": 0, "update": 1, "cancel": 1},
        "first_alert_s": 6.123,
        "picks": 0,
        "solutions": 0,
        "dropped": {"gap": 2},
    }


def test_the_summary_of_silence():
    assert json.loads(Tally().summary_line(None))["first_alert_s"] is None
