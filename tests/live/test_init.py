"""From a region to a live machine: what `init` wrote is checked and run as it is, by a relay."""

import re
import time

import httpx
import pytest
from click.testing import CliRunner

from forewave.cli.main import main
from forewave.formats.recordings import event_directory
from tests.fdsn_service import FdsnService
from tests.live import live_made
from tests.small_network import recording

pytestmark = pytest.mark.live

ANYWHERE = {"FOREWAVE_SERVER__PORT": "0", "FOREWAVE_SERVER__STREAM_PORT": "0"}
PATIENCE = 60.0


def states(url):
    report = httpx.get(f"{url}status.json", timeout=20).json()
    return {station["code"]: station["state"] for station in report["stations"]}


def test_what_init_wrote_hears_every_station(tmp_path):
    made = recording(count=6)
    event_directory.write(tmp_path / "event", made.info, made.stations, made.segments)
    with live_made.running(tmp_path, "relay", "event", "--port", 0, "--wait", 60) as relay:
        said = relay.until(lambda said: "SeedLink" in said)
        server = re.search(r"on ([\d.]+:\d+)", said)[1]
        with FdsnService(made).serving() as address:
            typed = ["init", "--bbox", "121,23.5,122,26", "--provider", address]
            typed += ["--seedlink", server, "-o", str(tmp_path / "forewave.toml")]
            written = CliRunner().invoke(main, typed)
        assert written.exit_code == 0, written.output
        assert f"packets: SeedLink from {server}\n" in written.output
        checked = CliRunner().invoke(main, ["check", str(tmp_path / "forewave.toml")])
        assert checked.exit_code == 0, checked.output
        assert "sources" not in checked.output
        with live_made.running(tmp_path, "run", **ANYWHERE) as live:
            url = re.search(r"ready: (\S+),", live.until(lambda said: " ready: " in said))[1]
            ends = time.monotonic() + PATIENCE
            while set(found := states(url).values()) != {"good"} and time.monotonic() < ends:
                time.sleep(0.1)
            assert live.stop() == 0
    assert len(found) == 6
    assert set(found) == {"good"}
