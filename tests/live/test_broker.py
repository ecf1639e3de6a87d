"""Live from an MQTT broker: a network of cheap sensors, its packets as they came, moved to now."""

import pytest

from forewave.formats.recordings import event_directory
from tests.live import live_pair
from tests.sources.broker import Broker

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    broker = Broker.if_there(tmp_path_factory.mktemp("broker"))
    yield broker
    broker.kill()


@pytest.mark.timeout(300)
@pytest.mark.thorough
def test_live_through_the_broker_warns_as_the_replay_does(broker, recordings, tmp_path):
    folder = recordings / "openeew-mx-20171225T202311"
    recording = live_pair.cut(event_directory.read(folder), 12.0, 30.0)
    live_pair.assert_plays_same(
        lambda folder: live_pair.through_broker(recording, folder, broker.port), tmp_path
    )
