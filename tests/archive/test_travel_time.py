import numpy as np
import pytest

from forewave.archive import travel_time
from forewave.earth import travel_time as earth
from forewave.errors import ModelError


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache folder, with a build that is quick and counted."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    built = []

    def build(model):
        built.append(model)
        shape = len(earth.DISTANCES_KM), len(earth.DEPTHS_KM)
        p = earth.DISTANCES_KM[:, None] / 6.0 + np.zeros(shape)
        return earth.TravelTimes(model, earth.DISTANCES_KM, earth.DEPTHS_KM, p, 1.7 * p)

    monkeypatch.setattr(earth, "build", build)
    return tmp_path, built


def test_an_unknown_model_is_named_with_those_there_are():
    with pytest.raises(ModelError, match=r"'moon'.*iasp91, ak135") as error:
        travel_time.load("moon")
    assert "\n" not in str(error.value)


def test_a_table_is_made_once(cache):
    folder, built = cache
    first, second = travel_time.load("iasp91"), travel_time.load("iasp91")
    assert built == ["iasp91"]
    assert np.array_equal(first.s, second.s)
    assert len(list((folder / "forewave").iterdir())) == 1  # nothing unfinished lies about


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"not an archive"),
        lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
        lambda path: np.savez(path, p=np.zeros(3)),
        lambda path: (path.unlink(), path.mkdir()),
    ],
    ids=["empty", "text", "cut off", "lacks a table", "a folder"],
)
def test_a_damaged_cache_is_made_anew(cache, damage):
    folder, built = cache
    whole = travel_time.load("iasp91")
    damage(next((folder / "forewave").iterdir()))
    again = travel_time.load("iasp91")
    assert built == ["iasp91", "iasp91"]
    assert np.array_equal(again.p, whole.p)


def test_a_cached_table_of_the_wrong_shape_is_made_anew(cache):
    folder, built = cache
    travel_time.load("iasp91")
    path = next((folder / "forewave").iterdir())
    np.savez(path, p=np.zeros((3, 3)), s=np.zeros((3, 3)))
    assert travel_time.load("iasp91").p.shape == (1001, len(earth.DEPTHS_KM))
    assert len(built) == 2


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path, cache, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert travel_time.load("iasp91").model == "iasp91"
    assert travel_time.load("iasp91").model == "iasp91"
    assert len(cache[1]) == 2
