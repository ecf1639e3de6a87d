from msgspec.structs import replace

from forewave.evaluate.report.maps import KINDS, lead_map
from forewave.evaluate.scoring.users import Outcome
from tests.evaluate.report.test_figures import svg


def test_every_kind_has_a_shape_and_a_label(case):
    codes = [m.station for m in case.truth.motions[:4]]
    leads = {"hit": 7.0, "late": -2.0}
    every = tuple(
        Outcome(code, "IV", kind, leads.get(kind)) for code, kind in zip(codes, KINDS, strict=True)
    )
    drawn = svg(lead_map(replace(case, outcomes=every))).decode()
    assert all(word in drawn for _, _, word in KINDS.values())
    assert "+7" in drawn
    assert len({shape for shape, _, _ in KINDS.values()}) == len(KINDS)


def test_a_level_without_outcomes_has_stations_only(case):
    drawn = svg(lead_map(replace(case, outcomes=()))).decode()
    assert "hit" not in drawn
    assert "epicentre" in drawn
