import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.formats.inventories.ground_unit import ground_unit, is_per_count

ACCELERATION, VELOCITY = "m/s^2", "m/s"
G = 9.80665
SPELLINGS = {
    ACCELERATION: {
        1.0: """
            m/s^2; M/S**2; m/s/s; m/s2; m/s²; m s^-2; m s-2; m.s-2; m*s**(-2); m*s^-2; m·s⁻²; ms-2
            ms^-2; m/(s^2); m/(s**2); m/(s*s); (m/s)/s; m/sec/sec; m/sec^2; m/sec**2; M/SEC/SEC
            m / s ^ 2; m/s^(2); meter/second^2; meters per second squared; metres/second/second
            Meters Per Second Per Second; m per s^2; m/s squared; counts/m/s^2; counts/(m/s^2)
            COUNTS/M/S**2; count/m/s/s; counts per m/s^2; cts/(m/s²); counts*s^2/m; 1 m/s^2
            400000 counts per m/s^2; counts/(m*s**-2); M/S**2 - Acceleration in Meters Per Second
            m/sˆ2; m∕s²; m⁄s²; ｍ/ｓ^2; count*m^-1*s^2; counts*(m/s^2)^-1; (m/s^2)
            m/s^2. 3 channels; counts/(m/s^2), range 2 g; 24 bits, +-2g, m/s^2; 0.5 V, m/s^2
            m/s**2 (acceleration); acceleration [m/s^2]; digits per m/s^2; counts / m / s^2""",
        1e-2: """
            cm/s^2; counts per cm/s^2; counts/cm/s/s; CM/S**2; cm s-2; cms-2; gal; Gal; GALS
            counts/gal; counts per gal; count/gal; cm/s^2 (gal); centimeters per second squared""",
        1e-3: "mm/s^2; mm/s/s; counts/(mm/s^2); millimetres/s^2",
        1e-6: "um/s^2; µm/s^2; μm/s²; micrometers per second squared",
        1e-9: "nm/s**2; nm/s^2; NM/S**2; 10^-9 m/s^2; 1e-9 m/s^2; 10**(-9) M/S**2",
        G: "g; G; g (9.81 m/s^2); counts per g; counts/g; count/g; COUNTS/G; cts/g",
        G / 10: "g/10; counts per 0.1 g",
        G * 1e-2: "pct g; %g; % g; percent g; counts per %g; percent of g",
        G * 1e-3: "g/1000; 0.001 g; counts/0.001g; mg; counts/mg; milli-g; milli g; counts per mG",
        G * 1e-6: "ug; µg; micro-g",
        1e-5: "mGal; mgal; milligal; milligals; counts/mGal",
    },
    VELOCITY: {
        1.0: """
            m/s; M/S; m/sec; meter/second; meters/second; meters per second; counts/m/s; COUNTS/M/S
            counts/(m/s); counts per m/s; m s-1; m.s-1; ms-1; m*s**-1; counts*s/m
            M/S - Velocity in Meters Per Second; m/s (velocity)""",
        1e-2: "cm/s; cm/sec; counts per cm/s",
        1e-3: "mm/s; mm s^-1; millimeters per second",
        1e-6: "µm/s; um/s; um/sec; μm/s",
        1e-9: "nm/s; nm/sec; count/nm/s; counts/(nm/s); NM/S; nanometers per second; nms-1",
    },
}
NONE = """
    m; V; counts; Pa; degC; rad/s; rad/s^2; km/h; counts (gain not given in the source); m/s^3
    m/m; s; 1/s; g/cm^3; kg
    (m/s)^2; count/(m/s)**2; m/s~2; m/s?; 1/g; 1/(m/s^2); bits per V per g
    V/(m/s); V/m/s; V/(m/s^2); V/g; mV/g; volts per m/s; V*s/m
    counts/V; V/count; V per m/s**2; m/s/V; Pa/(m/s); A/(m/s^2); m/s^2/sqrt(Hz); m^2/s; m/s^-2
    counts/s; samples per second; strain; nT; %; percent; m**2/s**4/Hz; ms; deg/s; gain; magnitude
    count per V per m/s; m/s^2/s; m/s^2 or cm/s^2
    2 g; 9.81 m/s^2; 0.5 mm/s"""
PER_COUNT = """
    m/s^2/count; m/s^2 per count; cm/s2 per count; (m/s)/count; m/s/counts; g/count; gal/count
    mm/s^2 per digit; nm/s/count; cm/s/s/counts; gal per count; ug/LSB; %g per count"""


def split(text):
    return [one.strip() for line in text.splitlines() for one in line.split(";") if one.strip()]


@pytest.mark.parametrize(
    ("text", "unit", "size"),
    [
        (text, unit, size)
        for unit, sizes in SPELLINGS.items()
        for size, texts in sizes.items()
        for text in split(texts)
    ],
)
def test_spellings(text, unit, size):
    assert ground_unit(text, "HNZ") == (unit, pytest.approx(size))
    assert not is_per_count(text)


@pytest.mark.parametrize("text", ["", *split(NONE)])
def test_not_ground_motion(text):
    assert ground_unit(text, "HNZ") is None
    assert not is_per_count(text)


@pytest.mark.parametrize("text", split(PER_COUNT))
def test_motion_per_count_is_a_gain_upside_down(text):
    assert ground_unit(text, "HNZ") is None
    assert is_per_count(text)


def test_other_words_around_it_do_not_matter():
    assert ground_unit("m/s^2 (float, gain 1); component N00E", "HNZ") == (ACCELERATION, 1.0)


def test_the_instrument_decides_where_two_are_named():
    text = "counts per m/s (EHZ) or m/s^2 (EN*)"
    assert ground_unit(text, "EHZ") == (VELOCITY, 1.0)
    assert ground_unit(text, "ENZ") == (ACCELERATION, 1.0)
    assert ground_unit(text, "EDH") is None


@given(st.text("mscungalVper/*^.()- 0123456789%²⁻µ\n", max_size=40))
def test_any_text_has_an_answer(text):
    found = ground_unit(text, "HNZ")
    assert found is None or found[1] > 0
    is_per_count(text)


@given(st.text(max_size=30))
def test_any_characters_have_an_answer(text):
    ground_unit(text, "HNZ")


@pytest.mark.parametrize(
    "text",
    ["(" * 5000 + "m/s^2", "m/s^2 " * 5000, "(m)^-9" * 30, "m^9999", "10^9999 m/s^2", "1e400 m/s"],
    ids=["deep", "long", "many", "a great power", "of ten", "infinite"],
)
def test_what_no_unit_is_names_none_and_costs_nothing(text):
    assert ground_unit(text, "HNZ") is None
    assert not is_per_count(text)
