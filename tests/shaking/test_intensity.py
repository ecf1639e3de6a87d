"""Every scale card against its paper's values, and what all scales must do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.shaking.intensity import SCALES, cwa_2020, gb_t_17742_2020, jma, worden_2012
from forewave.shaking.intensity.scale import PALETTE, label, level
from forewave.units import CM_M, GAL_MS2
from tests import page_texts
from tests.reference import make_device_scales


def test_worden_2012_gives_the_published_equations_values(reference):
    of = {"pga": (worden_2012.from_pga, GAL_MS2), "pgv": (worden_2012.from_pgv, CM_M)}
    for row in reference("worden_2012.csv"):
        mmi, unit = of[row["measure"]]
        found = float(mmi(float(row["motion_cgs"]) * unit))
        assert found == pytest.approx(float(row["mmi"]), abs=0.006)


@given(st.floats(1.0, 10.0))
def test_worden_2012_there_and_back(mmi):
    assert worden_2012.from_pga(worden_2012.to_pga(mmi)) == pytest.approx(mmi, abs=0.011)
    assert worden_2012.from_pgv(worden_2012.to_pgv(mmi)) == pytest.approx(mmi, abs=0.011)


def test_worden_2012_ends():
    assert worden_2012.from_pga([0.0, 1e-9, 1e3]).tolist() == [1.0, 1.0, 10.0]
    assert np.isnan(worden_2012.from_pga(float("nan")))
    assert np.isnan(worden_2012.to_pga([0.9, 10.1, float("nan")])).all()


@pytest.mark.parametrize(("gal", "slope"), [(1.0, 2.08), (10.0, 1.55), (100.0, 3.70)])
def test_worden_2012_slope_is_that_of_its_line(gal, slope):
    _, found = worden_2012.convert(worden_2012.PGA, gal * GAL_MS2)
    assert found == pytest.approx(slope / np.log(10.0))


def test_gb_t_17742_2020_gives_the_standards_values(reference):
    for row in reference("gb_t_17742_2020.csv"):
        found = gb_t_17742_2020.from_motion(float(row["pga_ms2"]), float(row["pgv_ms"]))
        assert found == pytest.approx(float(row["intensity"]), abs=0.05)


def test_gb_t_17742_2020_velocity_decides_alone_only_if_both_are_strong():
    strong_jolt = gb_t_17742_2020.from_motion(5.0, 0.01)
    assert strong_jolt == pytest.approx((3.17 * np.log10(5.0) + 6.59 + 3.77) / 2)
    assert gb_t_17742_2020.from_motion(1e3, 1e3) == 12.0
    assert gb_t_17742_2020.from_motion(0.0, 0.0) == 1.0


@pytest.mark.parametrize(
    ("gal", "cms", "expected"),
    [
        (0.5, 0.0, 0.0),
        (0.8, 0.0, 1.0),
        (7.9, 1.0, 2.0),
        (8.0, 1.0, 3.0),
        (79.0, 20.0, 4.0),
        (90.0, 14.0, 4.0),
        (90.0, 15.0, 5.0),
        (300.0, 30.0, 5.5),
        (300.0, 50.0, 6.0),
        (300.0, 80.0, 6.5),
        (300.0, 140.0, 7.0),
    ],
)
def test_cwa_2020_levels(gal, cms, expected):
    assert cwa_2020.from_motion(gal * GAL_MS2, cms * CM_M) == expected


def circling(frequency_hz, amplitude_ms2, rate=100.0, seconds=20.0):
    """Motion whose vector has the same length at every moment."""
    phase = 2 * np.pi * frequency_hz * np.arange(seconds * rate) / rate
    return amplitude_ms2 * np.array([np.cos(phase), np.sin(phase), np.zeros_like(phase)])


@pytest.mark.parametrize("frequency_hz", [0.5, 1.0, 3.0, 8.0])
def test_jma_of_steady_motion_is_that_of_its_level_and_filter(frequency_hz):
    found = jma.instrumental(circling(frequency_hz, 1.0), 100.0)
    assert found == pytest.approx(2 * np.log10(100.0 * jma.gain(frequency_hz)) + 0.94, abs=1e-6)


def test_jma_filter_is_the_notices():
    """Its three factors worked out at 1 Hz; 1 Hz is nearly neutral, 0 Hz is shut out."""
    high_cut = (1 + 0.694e-2 + 0.241e-4 + 0.0557e-6) ** -0.5
    low_cut = (1 - np.exp(-8.0)) ** 0.5
    assert jma.gain(1.0) == pytest.approx(high_cut * low_cut, rel=1e-7)
    assert jma.gain(0.0) == 0.0
    assert jma.gain(20.0) == pytest.approx((20 * 15.678) ** -0.5, rel=1e-4)


def test_jma_needs_the_level_for_three_tenths_of_a_second():
    burst = circling(5.0, 2.0)
    burst[:, 100:] = 0.0  # one second of it
    shorter = burst.copy()
    shorter[:, 10:] = 0.0  # a tenth of a second
    assert jma.instrumental(burst, 100.0) > jma.instrumental(shorter, 100.0) + 1.0


def test_jma_of_nothing_is_nan():
    assert np.isnan(jma.instrumental(np.zeros((3, 1000)), 100.0))
    assert np.isnan(jma.instrumental(np.ones((3, 20)), 100.0))
    assert np.isnan(jma.instrumental(np.full((3, 1000), np.nan), 100.0))


def test_jma_does_not_mind_offset_and_rate():
    still = jma.instrumental(circling(2.0, 0.5), 100.0)
    assert jma.instrumental(circling(2.0, 0.5) + 9.8, 100.0) == pytest.approx(still)
    assert jma.instrumental(circling(2.0, 0.5, rate=200.0), 200.0) == pytest.approx(still)


def test_jma_from_velocity():
    assert jma.from_pgv([0.01, 0.1, 1.0]) == pytest.approx([2.68, 4.40, 6.12])


@pytest.mark.parametrize("name", SCALES)
def test_a_scale_gives_the_standards_levels(reference, name):
    """tests/reference/<name>_levels.csv: number, label; mmi where the number is that of an MMI."""
    rows = reference(f"{name}_levels.csv")
    assert rows
    for row in rows:
        found = level(SCALES[name], float(row["number"]))
        assert found is not None
        assert found.label == row["label"]
        if row["mmi"]:
            number = SCALES[name].from_mmi(np.array([float(row["mmi"])]))[0]
            assert number == pytest.approx(float(row["number"]), abs=0.006)


def test_an_intensity_has_a_label_in_every_scale():
    assert label(SCALES["mmi"], 6.4) == "VI"
    assert label(SCALES["jma"], 6.9) == "5-"
    assert label(SCALES["ems_98"], 11.0) == "?"  # motion does not tell it from X
    assert label(SCALES["jma"], float("nan")) == "?"


@pytest.mark.parametrize("scale", SCALES.values(), ids=lambda scale: scale.name)
def test_every_scale_is_whole(scale):
    assert level(scale, float("nan")) is None
    least = [one.least for one in scale.levels]
    assert least == sorted(set(least))
    assert all(one.label and one.en and one.zh_cn for one in scale.levels)
    shades = [PALETTE.index((one.colour, one.ink)) for one in scale.levels]
    assert shades == sorted(shades)
    assert (shades[0], shades[-1]) == (0, len(PALETTE) - 1)
    mmi = np.linspace(1.0, 10.0, 91)
    numbers = scale.from_mmi(mmi)
    assert (np.diff(numbers) >= -0.011).all()
    assert numbers[-1] > numbers[0]


def test_ems_98_is_mmi_and_has_no_number_for_what_only_damage_tells():
    assert SCALES["ems_98"].from_mmi(np.array([1.0, 6.2, 10.0])).tolist() == [1.0, 6.2, 10.0]
    assert np.isnan(SCALES["ems_98"].from_mmi(np.array([0.5, 10.6, np.nan]))).all()


def test_ems_98_has_the_twelve_degrees_of_the_scales_short_form(reference):
    found = [(one.label, one.en) for one in SCALES["ems_98"].levels]
    assert found == [(row["degree"], row["name"]) for row in reference("ems_98.csv")]


def luminance(colour):
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_colours_darken_from_class_to_class_and_can_be_read():
    shades = [luminance(colour) for colour, _ in PALETTE]
    assert shades == sorted(shades, reverse=True)
    for colour, ink in PALETTE:
        light, dark = sorted((luminance(colour), luminance(ink)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 7.0


def test_the_vectors_of_the_pages_are_those_of_the_scales(reference):
    known = reference("device_scale_vectors.csv")
    assert [list(row.values()) for row in known] == make_device_scales.rows()


@pytest.mark.parametrize("name", ["gb_t_17742_2020", "cwa_2020", "ems_98"])
def test_the_words_of_the_pages_are_those_of_the_scales(name):
    key = f"scale.words.{name.partition('_')[0]}"
    for code, word in (("en", "en"), ("zh-CN", "zh_cn")):
        words = page_texts.texts(code)[key].split("|")
        assert words == [getattr(each, word) for each in SCALES[name].levels]
