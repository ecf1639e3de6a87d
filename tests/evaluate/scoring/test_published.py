from forewave.evaluate.scoring.published import GOAL, beside, every, find


def test_a_row_as_printed():
    row = find("tw-20210418-hualien", "EPIC lenient")
    assert (row.first_alert_s, row.first_epicentre_km, row.final_epicentre_km) == (6.0, 5.0, 225.3)
    assert (row.iv_hit, row.iv_late, row.iv_miss, row.iv_false) == (11, 3, 0, 52)


def test_the_sums_over_all_places_are_those_printed():
    sums = {
        system: tuple(
            sum(getattr(row, kind) or 0 for row in every() if row.system == system)
            for kind in ("iv_hit", "iv_late", "iv_miss", "iv_false")
        )
        for system in ("EPIC rules", "EPIC lenient", "OpenEEW", "PLUM 60 km")
    }
    assert sums == {
        "EPIC rules": (11, 11, 19, 94),
        "EPIC lenient": (21, 12, 8, 68),
        "OpenEEW": (0, 10, 3, 7),
        "PLUM 60 km": (28, 7, 6, 45),
    }


def test_every_set_has_a_goal_first():
    sets = {row.set for row in every()}
    assert len(sets) == 18
    assert all(beside(name)[0].system == GOAL for name in sets)


def test_nothing_is_known_of_a_new_set():
    assert beside("new") == ()
    assert find("new", GOAL) is None
