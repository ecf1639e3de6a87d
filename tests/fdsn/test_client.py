import threading
import time
import warnings

import pytest

from forewave.errors import ForewaveError
from forewave.fdsn.client import FdsnError, NoAnswerError, Provider, _line, within
from tests.fdsn_service import FdsnService
from tests.small_network import T0, recording


def test_within_gives_the_answer_or_the_error():
    assert within(10.0, lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        within(10.0, lambda: 1 / 0)


def test_within_keeps_its_time_whatever_the_call_does():
    never = threading.Event()
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        within(0.05, never.wait)
    assert time.monotonic() - began < 5.0
    never.set()


def test_what_there_is_none_of_is_empty():
    made = recording()
    with FdsnService(made, without=["XX.S00"]).serving() as address:
        provider = Provider(address, 20.0)
        assert provider.event("other") == ("text", b"")
        assert provider.waveforms([(made.segments[0].stream, T0, T0 + 10)]) == b""


def test_what_is_refused_says_why():
    made = recording()
    with (
        FdsnService(made, restricted=["XX.S00"]).serving() as address,
        pytest.raises(FdsnError, match=r"^Authentication failed.$"),
    ):
        Provider(address, 20.0).waveforms([(made.segments[0].stream, T0, T0 + 10)])


def test_a_service_that_hangs_is_left_in_time_and_not_asked_twice():
    service = FdsnService(recording(), slow=["/station/1/query"], delay=1.5)
    with service.serving() as address:
        provider = Provider(address, 0.3)
        with pytest.raises(NoAnswerError):
            provider.channels(network="XX")
    assert service.calls.count("/fdsnws/station/1/query") == 1


def test_what_obspy_says_to_programmers_is_not_printed(monkeypatch):
    from obspy.clients.fdsn import Client

    monkeypatch.setattr(Client, "_discover_services", lambda client: None)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for name in ("IRIS", "RESIF", "IRISPH5"):
            Provider(name, 20.0)
    assert [str(each.message) for each in told] == []


def test_a_question_that_is_refused_says_what_the_server_says():
    refused = "Bad request. If you think so ...\nHTTP Status code: 400\n\nno such parameter: x\n"
    assert _line(ValueError(refused)) == "request refused: no such parameter: x"
    assert _line(ValueError("\n two\nthree")) == "two"
    assert _line(ValueError()) == "ValueError"


@pytest.mark.parametrize("name", ["http://127.0.0.1:9", "NOSUCHCENTRE"])
def test_a_centre_that_is_not_there_is_one_line(name):
    with pytest.raises(ForewaveError, match=name):
        Provider(name, 5.0)
