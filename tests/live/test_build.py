import pytest
from msgspec.structs import replace

from forewave.config import Settings, read
from forewave.errors import ConfigError
from forewave.live import build as builder
from forewave.live.build import build
from tests.live import live_made


@pytest.fixture
def folder(recording, tmp_path):
    return live_made.live_folder(tmp_path / "x", recording, live_made.seedlink(9))


def test_every_part_is_made_once_and_shared(folder):
    live = build(read(folder / "forewave.toml", {}), folder)
    assert live.phones.clock is live.loop.clock
    assert live.outputs._gateway is live.gateway
    assert live.outputs._recorder is live.startup._recorder is live.recorder
    assert live.startup._loop is live.loop
    assert live.startup._pipeline is live.loop._pipeline is live.pipeline


def test_it_has_a_relay_and_an_archive_only_where_they_are_wanted(folder):
    settings = read(folder / "forewave.toml", {})
    assert build(settings, folder).relay is None
    wanted = replace(settings, relay=replace(settings.relay, on=True))
    wanted = replace(wanted, waveforms=replace(settings.waveforms, folder="sds"))
    unwanted = replace(settings, waveforms=replace(settings.waveforms, folder=""))
    assert build(wanted, folder).relay is not None
    assert set(build(wanted, folder).beside) == {
        "look",
        "watch",
        "channels",
        "console",
        "waveforms",
        "acts",
    }
    unwanted = replace(unwanted, catalogue=replace(settings.catalogue, database=""))
    assert set(build(unwanted, folder).beside) == {"look", "watch", "channels", "console"}


def test_what_is_missing_is_refused_before_kernels_are_compiled(folder, monkeypatch):
    monkeypatch.setattr(builder, "compile_kernels", lambda: pytest.fail("compiled all the same"))
    settings = read(folder / "forewave.toml", {})
    with pytest.raises(ConfigError, match=r"\[\[sources\]\]"):
        build(replace(settings, sources=()), folder)
    (folder / "forewave.key").unlink()
    with pytest.raises(ConfigError, match=r"forewave\.key"):
        build(settings, folder)
    with pytest.raises(ConfigError):
        build(Settings(), folder)
