import pytest

from forewave.formats.ground_unit import ground_unit

ACCELERATION, VELOCITY = "m/s^2", "m/s"


@pytest.mark.parametrize(
    ("text", "unit", "size"),
    [
        ("m/s^2", ACCELERATION, 1.0),
        ("M/S**2", ACCELERATION, 1.0),
        ("m/s/s", ACCELERATION, 1.0),
        ("m/s2", ACCELERATION, 1.0),
        ("m/s²", ACCELERATION, 1.0),
        ("m s^-2", ACCELERATION, 1.0),
        ("nm/s**2", ACCELERATION, 1e-9),
        ("counts per cm/s^2", ACCELERATION, 1e-2),
        ("gal", ACCELERATION, 1e-2),
        ("counts per g", ACCELERATION, 9.80665),
        ("m/s^2 (float, gain 1); component N00E", ACCELERATION, 1.0),
        ("M/S", VELOCITY, 1.0),
        ("mm/s", VELOCITY, 1e-3),
        ("µm/s", VELOCITY, 1e-6),
        ("nm/sec", VELOCITY, 1e-9),
    ],
)
def test_spellings(text, unit, size):
    assert ground_unit(text, "HNZ") == (unit, pytest.approx(size))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "m",
        "V",
        "counts",
        "Pa",
        "counts (gain not given in the source)",
        "degC",
        "rad/s",
        "km/h",
    ],
)
def test_not_ground_motion(text):
    assert ground_unit(text, "HNZ") is None


def test_the_instrument_decides_where_two_are_named():
    text = "counts per m/s (EHZ) or m/s^2 (EN*)"
    assert ground_unit(text, "EHZ") == (VELOCITY, 1.0)
    assert ground_unit(text, "ENZ") == (ACCELERATION, 1.0)
    assert ground_unit(text, "EDH") is None
