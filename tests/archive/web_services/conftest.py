"""A server of the three services: some events, eleven stations, and two days of waveforms."""

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from forewave.archive.catalogue.address import address
from forewave.archive.catalogue.store import Store
from forewave.archive.waveforms import ArchiveLimits, WaveformArchive
from forewave.archive.web_services.routes import Archived, routes
from forewave.types import Channel, Packet, Station, StreamId
from tests.archive.catalogue.conftest import LINE, T0, record

MIDNIGHT = 1_700_006_400.0  # 2023-11-15
RATE = 10.0


def station(code, lat, lon):
    network, _, name = code.partition(".")
    channels = [
        Channel(StreamId(network, name, "", f"HN{letter}"), 2e5, "m/s^2", RATE) for letter in "ZNE"
    ]
    return Station(code, lat, lon, 100.0, tuple(channels))


STATIONS = (
    station("CI.AAA", 35.0, -117.0),
    station("CI.AAB", 35.5, -117.5),
    station("NN.BBB", 38.0, -117.0),
)


def samples(first, count):
    return Packet(
        StreamId("CI", "AAA", "", "HNZ"),
        MIDNIGHT + first / RATE,
        RATE,
        np.arange(first, first + count, dtype=np.int32),
    )


@pytest.fixture(scope="session")
def archived(tmp_path_factory):
    """From ten minutes before midnight to ten after it, 0.1 s each; the value is the sample."""
    root = tmp_path_factory.mktemp("archived")
    archive = WaveformArchive(root / "sds", ArchiveLimits(days=36_500.0), lambda: MIDNIGHT)
    archive.add(samples(-6000, 12_000))
    archive.flush()
    assert not archive.lost
    store = Store(address("catalogue.sqlite", root))
    store.write(
        [
            record("fw1", time=T0),
            record("fw1", 2, time=T0, magnitude=6.0, rupture=LINE),
            record("fw2", time=T0 + 60.0, magnitude=4.0, lat=-10.0, kind="Mpd"),
            record("fw3", time=T0 + 120.0, withdrawn="false picks"),
            record("fw4", time=T0 + 180.0, mode="drill"),
        ]
    )
    store.close()
    url = address("catalogue.sqlite", root)
    return Archived(url, root / "sds", root / "stations.csv", STATIONS, "a network")


@pytest.fixture(scope="session")
def client(archived):
    return TestClient(Starlette(routes=routes(archived)), base_url="http://testserver/")
