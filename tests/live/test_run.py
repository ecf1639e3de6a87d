import pytest

from forewave.errors import ConfigError
from forewave.live import run as program
from tests.live import live_made


def test_it_is_built_from_the_file_and_reads_it_again_when_asked(recording, tmp_path, monkeypatch):
    folder = live_made.live_folder(tmp_path / "x", recording, live_made.seedlink(9))
    file, built, ended = folder / "forewave.toml", [], []

    class Live:
        def run(self):
            return "running"

        def reload(self):
            raise NotImplementedError

    def build(settings, where, supervisor, *, read_again):
        built.append((settings, where, read_again))
        return Live()

    monkeypatch.setattr(program, "build", build)
    monkeypatch.setattr(program, "until_interrupted", lambda work, reload: ended.append(work))
    monkeypatch.setattr(program, "open_log", lambda: None)
    monkeypatch.setattr(program, "ignore_hangup", lambda: None)
    monkeypatch.setattr(program.malloc, "use_one", lambda: None)
    program.run(file, {})
    ((settings, where, read_again),) = built
    assert (where, ended) == (folder, ["running"])
    assert read_again() == settings
    file.write_text("nonsense")
    with pytest.raises(ConfigError):
        read_again()
