from msgspec.structs import asdict

from forewave.alerts.policy import AlertSettings
from forewave.pipeline import PipelineSettings
from forewave.thresholds import Thresholds


def test_both_rooms_ask_the_same_by_default():
    alerts = asdict(AlertSettings())
    assert asdict(Thresholds()).items() <= alerts.items()


def test_no_other_room_has_a_threshold_of_its_own():
    settings = PipelineSettings()
    for room in (settings.events, settings.shaking, settings.stations):
        assert not set(Thresholds.__struct_fields__) & set(asdict(room))
