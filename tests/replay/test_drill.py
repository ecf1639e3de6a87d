import json
import signal
import subprocess
import sys
import time

import pytest
from websockets.sync.client import connect

from forewave.archive import travel_time
from forewave.delivery import signing
from forewave.delivery.gateway import Gateway
from forewave.earth.distance import distance_km
from forewave.replay.drill import drill_alert, intensity_at, place_at, where, where_json
from forewave.types import Place

COMMAND = "from forewave.cli.main import main; main()"
CHENGDU = Place("Chengdu", 30.66, 104.06)


@pytest.mark.parametrize("seconds", [5.0, 20.0])
def test_s_comes_to_the_place_when_it_was_ordered(seconds):
    travel_times, now = travel_time.load(), 1_800_000_000.0
    alert = drill_alert(CHENGDU, seconds, now, travel_times)
    origin = alert.origin
    away_km = distance_km(origin.lat, origin.lon, CHENGDU.lat, CHENGDU.lon)
    s_arrival = origin.time + float(travel_times.seconds("S", away_km, origin.depth_km))
    assert s_arrival == pytest.approx(now + seconds, abs=0.01)
    assert origin.time < now


def test_its_place_has_the_name_of_the_nearest_town():
    assert place_at(30.66, 104.06) == CHENGDU
    assert place_at(-40.0, -120.0) == Place("Drill place", -40.0, -120.0)


def test_a_larger_earthquake_is_felt_more():
    small, large = (intensity_at(CHENGDU, magnitude) for magnitude in (3.0, 7.3))
    assert small < 3.5
    assert large > 5.0


def test_it_says_that_it_is_a_drill_and_is_signed():
    keys = signing.generate()
    alert = drill_alert(CHENGDU, 20.0, 1_800_000_000.0, travel_time.load())
    message = signing.unseal(keys.seal(alert), keys.trusted)
    assert message.mode == "drill"
    assert message.id.startswith("drill-")


def test_the_program_shows_it_to_the_first_viewer_and_ends_on_ctrl_c():
    program = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "drill", "--seconds", "30", "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        ports = json.loads(program.stdout.readline())
        with connect(f"ws://127.0.0.1:{ports['stream_port']}/") as client:
            heartbeat, alert = (json.loads(client.recv(timeout=20)) for _ in range(2))
        program.send_signal(signal.SIGINT)
        _, errors = program.communicate(timeout=30)
    finally:
        program.kill()
    assert (heartbeat["type"], heartbeat["state"]) == ("heartbeat", "drill")
    assert alert["mode"] == "drill"
    assert alert["iss"] >= heartbeat["now"]
    assert (program.returncode, errors) == (0, "")


def test_it_says_where_the_pages_are():
    gateway = Gateway(signing.generate(), time.time, travel_time.load(), port=1234)
    assert "phone    http://127.0.0.1:1234/\n" in where(gateway)
    assert "TV       http://127.0.0.1:1234/tv\n" in where(gateway)
    assert json.loads(where_json(gateway))["port"] == 1234
