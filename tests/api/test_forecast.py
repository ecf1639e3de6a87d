from math import isnan

import pytest

import forewave

HERE = forewave.Place("here", 24.5, 121.5)
FAR = forewave.Place("far", 34.0, 121.5)
SOURCE = (24.0, 121.5, 15.0, 6.5)


def of(place=HERE, **change):
    [found] = forewave.forecast(*SOURCE, [place], **change)
    return found


def test_it_is_what_the_forecaster_says(reference, travel_times):
    """The same as a solution at the same place, which is held to the device vectors."""
    from forewave.shaking.forecaster import Forecaster
    from forewave.types import Magnitude, Origin, Solution

    for row in reference("device_vectors.csv")[::20]:
        t0, lat, lon, depth_km, magnitude = (
            float(row[key]) for key in ("t0", "lat", "lon", "depth_km", "magnitude")
        )
        there = forewave.Place("here", float(row["place_lat"]), float(row["place_lon"]), "station")
        origin = Origin(t0, lat, lon, depth_km, 0.0, 5.0, 3.0)
        solution = Solution("e", 1, origin, Magnitude(magnitude, 0.3, "M", 4), None, (), 1.0)
        [shaking] = Forecaster([there], travel_times).feed(solution, 0.0)
        [found] = forewave.forecast(
            lat,
            lon,
            depth_km,
            magnitude,
            [there],
            origin_time=t0,
            magnitude_sigma=0.3,
            epicentre_sigma_km=5.0,
            depth_sigma_km=3.0,
            event="e",
        )
        expected = [f for f in shaking.forecasts if f.place == "here"]
        assert [found] == expected or isnan(found.intensity)
        assert bool(expected) == bool(row["mmi"])


def test_arrivals_are_seconds_after_the_origin_unless_it_has_a_time():
    assert 0.0 < of().p_arrival < of().s_arrival < 30.0
    assert of(origin_time=1e9).s_arrival == pytest.approx(of().s_arrival + 1e9)


def test_each_place_has_its_answer_in_its_order():
    found = forewave.forecast(*SOURCE, [FAR, HERE])
    assert [f.place for f in found] == ["far", "here"]
    assert isnan(found[0].intensity)
    assert isnan(found[0].sigma)
    assert forewave.forecast(*SOURCE, []) == []


def test_uncertainty_of_the_source_makes_sigma_larger_and_not_the_intensity():
    unsure = of(magnitude_sigma=0.5, epicentre_sigma_km=20.0)
    assert unsure.intensity == of().intensity
    assert unsure.sigma > of().sigma


@pytest.mark.parametrize("name", forewave.MODELS)
def test_a_named_model_is_used_alone(name):
    assert 3.0 < of(model=name).intensity < 9.0


def test_without_a_name_deep_earthquakes_are_forecast_as_forewave_does():
    deep = (24.0, 121.5, 90.0, 6.5)
    [usual] = forewave.forecast(*deep, [HERE])
    [boore] = forewave.forecast(*deep, [HERE], model="boore_2014")
    assert usual.intensity > boore.intensity + 0.3


def test_a_line_source_is_nearer():
    rupture = forewave.Rupture(24.0, 121.5, 24.4, 121.5, 0.0, 45.0, 0.0)
    line = of(rupture=rupture)
    assert line.source == "line"
    assert line.intensity > of().intensity


def test_soft_ground_shakes_more():
    soft = of(forewave.Place("here", 24.5, 121.5, vs30_ms=200.0))
    assert soft.intensity > of().intensity


def test_an_unknown_model_is_an_error_that_names_them():
    with pytest.raises(forewave.ModelError, match="boore_2014"):
        of(model="none")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ((91.0, 0.0, 10.0, 6.0), "source: latitude is 91"),
        ((0.0, 200.0, 10.0, 6.0), "source: longitude is 200"),
        ((float("nan"), 0.0, 10.0, 6.0), "source: latitude is nan"),
        ((0.0, 0.0, -1.0, 6.0), "depth_km is -1"),
        ((0.0, 0.0, 701.0, 6.0), "depth_km is 701"),
        ((0.0, 0.0, 10.0, 11.0), "magnitude is 11"),
        ((0.0, 0.0, 10.0, float("nan")), "magnitude is nan"),
    ],
)
def test_numbers_out_of_range_are_errors(source, says):
    with pytest.raises(forewave.InputError, match=says):
        forewave.forecast(*source, [HERE])


def test_wrong_places_and_sigmas_are_errors():
    with pytest.raises(forewave.InputError, match="place 'x': latitude"):
        of(forewave.Place("x", 100.0, 0.0))
    with pytest.raises(forewave.InputError, match="magnitude_sigma is -1"):
        of(magnitude_sigma=-1.0)
    with pytest.raises(ValueError, match="epicentre_sigma_km is nan"):
        of(epicentre_sigma_km=float("nan"))
