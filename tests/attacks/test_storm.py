"""Independent knocks at every station, and an earthquake beneath them."""

from tests.attacks.made_network import BEGIN, away_km, issued, network, packets, quake

STORM = '[[disturbance]]\nkind = "storm"\nstation = "*"\nafter = 5.0\nseconds = 65.0\nsize = 0.25\ntimes = {}\n'
ORIGIN = 45.0


def told(travel_times, a_minute, extra=""):
    recording = network(STORM.format(a_minute * 65.0 / 60.0) + extra, count=36)
    return issued(recording, travel_times, packets(recording))


def test_a_storm_of_strong_knocks_makes_nobody_act(travel_times):
    events = told(travel_times, 8.0)
    assert {alert.level for each in events.values() for _, alert in each} <= {"aware"}


def test_an_earthquake_beneath_it_is_issued_once_and_in_time(travel_times):
    """The first picks of nearly all stations are knocks."""
    events = told(travel_times, 6.0, quake(ORIGIN))
    true = {
        event: each
        for event, each in events.items()
        if away_km(each[-1][1]) < 15.0 and abs(each[-1][1].origin.time - BEGIN - ORIGIN) < 3.0
    }
    assert len(true) == 1
    (each,) = true.values()
    assert each[0][0] < ORIGIN + 10.0
    assert "cancel" not in {alert.kind for _, alert in each}
    others = [alert for event in events if event not in true for _, alert in events[event]]
    assert {alert.level for alert in others} <= {"aware"}
