from forewave.config import KEYS
from forewave.pipeline import PipelineSettings
from forewave.settings import Settings


def test_the_rooms_settings_are_the_pipelines():
    assert Settings().pipeline == PipelineSettings()


def test_what_is_kept_and_opened_without_being_asked():
    made = Settings()
    assert made.sources == ()
    assert (made.relay.on, made.phones.on) == (False, False)
    assert made.server.host == made.relay.host == "127.0.0.1"
    assert (made.waveforms.folder, made.record.folder) == ("waveforms", "record")


def test_sources_are_no_key():
    assert not [key for key in KEYS if key.startswith("sources")]
