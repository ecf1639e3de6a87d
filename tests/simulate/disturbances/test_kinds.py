from typing import get_args

from forewave.simulate.disturbances import kinds as d
from tests.simulate.disturbances.added import changed

SOME = {
    "size": 1.0, "seconds": 5.0, "per_second": 0.1, "lat": 24.0, "lon": 121.0, "azimuth": 10.0,
    "times": 5.0,
}  # fmt: skip


def test_every_kind_can_be_played_and_leaves_the_signal_alone():
    for kind in get_args(d.AnyDisturbance):
        fields = {name: SOME[name] for name in kind.__struct_fields__ if name in SOME}
        actual = changed(kind(after=10.0, **fields))
        assert actual.any() or kind is d.Stuck
