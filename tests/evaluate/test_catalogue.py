import json

import pytest

from forewave.errors import FormatError
from forewave.evaluate import catalogue
from forewave.formats import event_directory
from tests.evaluate.made import INFO, T0


def test_other_events_of_the_window_are_known(tmp_path):
    other = {"origin_time": "2020-09-13T12:27:40Z", "lat": 1.0, "lon": 2.0, "magnitude": 4.4}
    (tmp_path / "event.json").write_text(json.dumps({"other_catalogue_events_in_window": [other]}))
    made = event_directory.Recording(tmp_path, INFO, (), (), None, ())
    (quake,) = catalogue.others(made)
    assert (quake.time, quake.lat, quake.magnitude) == (T0 + 60.0, 1.0, 4.4)


def test_a_malformed_list_of_other_events_is_named(tmp_path):
    (tmp_path / "event.json").write_text('{"other_catalogue_events_in_window": [3]}')
    made = event_directory.Recording(tmp_path, INFO, (), (), None, ())
    with pytest.raises(FormatError, match="other_catalogue_events_in_window"):
        catalogue.others(made)
