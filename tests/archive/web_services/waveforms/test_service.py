"""Waveforms as they were received, cut to the sample, and never more than was asked for."""

import asyncio
import warnings
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from obspy import read
from starlette.requests import Request

from forewave.archive.web_services.selection import Selection
from forewave.archive.web_services.waveforms import files, service
from forewave.archive.web_services.waveforms.service import DataselectService
from forewave.formats.waveforms import miniseed
from forewave.types import Dropped
from tests.archive.web_services.conftest import MIDNIGHT, RATE, archived

__all__ = ["archived"]
QUERY = "/fdsnws/dataselect/1/query"


def values(data):
    packets, dropped = miniseed.packets(data)
    assert not dropped
    for packet in packets:
        first = (packet.start - MIDNIGHT) * RATE
        assert first == pytest.approx(packet.samples[0], abs=1e-4), "times and values fit"
    return np.concatenate([packet.samples for packet in packets]) if packets else np.zeros(0)


def expected(begin, end):
    return np.arange(max(-6000, np.ceil(begin - 1e-5)), min(5999, np.floor(end + 1e-5)) + 1)


@given(st.integers(-7000, 7000), st.integers(0, 9000), st.sampled_from([0.0, 0.5]))
def test_any_time_gives_its_samples_and_no_others(archived, first, count, part):
    begin, end = first + part, first + part + count
    wanted = Selection(begin=MIDNIGHT + begin / RATE, end=MIDNIGHT + end / RATE)
    data = b"".join(files.records(files.day_files(archived.waveforms, [wanted])))
    assert np.array_equal(values(data), expected(begin, end))


def test_obspy_opens_it(client):
    answer = client.get(f"{QUERY}?net=CI&sta=AAA&start=2023-11-14T23:59:00&end=2023-11-15T00:01:00")
    assert answer.headers["content-type"] == "application/vnd.fdsn.mseed"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (trace,) = read(BytesIO(answer.content), "MSEED").merge()
    assert trace.id == "CI.AAA..HNZ"
    assert (trace.stats.starttime.timestamp, trace.stats.npts) == (MIDNIGHT - 60.0, 1201)
    assert np.array_equal(trace.data, np.arange(-600, 601))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("cha=HNZ", 200),
        ("net=C*&sta=A?A&loc=--&cha=HN*", 200),
        ("cha=HNN", 204),
        ("sta=AAB", 204),
        ("loc=00", 204),
        ("quality=M", 200),
        ("quality=R", 204),
        ("minimumlength=0&longestonly=FALSE&format=miniseed", 200),
    ],
)
def test_streams_are_those_that_are_asked_for(client, query, status):
    when = "start=2023-11-14T00:00:00&end=2023-11-16"
    assert client.get(f"{QUERY}?{when}&{query}").status_code == status


def test_a_post_has_one_selection_a_line(client):
    lines = [
        "CI AAA -- HNZ 2023-11-14T23:55:00 2023-11-14T23:55:01",
        "CI AAA * HN? 2023-11-15T00:05:00 2023-11-15T00:05:01",
        "XX * * * 2023-11-15T00:05:00 2023-11-15T00:05:01",
    ]
    answer = client.post(QUERY, content="quality=B\n" + "\n".join(lines))
    assert values(answer.content).tolist() == [*range(-3000, -2989), *range(3000, 3011)]


def test_a_head_request_has_no_body(client):
    answer = client.head(f"{QUERY}?start=2023-11-14&end=2023-11-16")
    assert (answer.status_code, answer.content) == (200, b"")


def test_too_much_is_413_before_anything_is_read(client, monkeypatch):
    whole = f"{QUERY}?start=2023-11-14&end=2023-11-16"
    monkeypatch.setattr(files, "MOST_BYTES", 1000)
    assert client.get(whole).status_code == 413
    assert (
        client.get(f"{QUERY}?start=2023-11-14T23:58:00&end=2023-11-15T00:00:00").status_code == 200
    )
    monkeypatch.undo()
    monkeypatch.setattr(files, "MOST_FILES", 1)
    answer = client.get(whole)
    assert (answer.status_code, "more than 1 day files" in answer.text) == (413, True)


def test_nothing_outside_the_archive_is_served(tmp_path):
    outside = tmp_path / "outside" / "AAA" / "HNZ.D"
    outside.mkdir(parents=True)
    (outside / "CI.AAA..HNZ.D.2023.319").write_bytes(b"secret")
    (tmp_path / "sds" / "2023").mkdir(parents=True)
    (tmp_path / "sds" / "2023" / "CI").symlink_to(tmp_path / "outside")
    wanted = Selection(begin=MIDNIGHT, end=MIDNIGHT + 9.0)
    assert files.day_files(tmp_path / "sds", [wanted]) == []
    assert files.day_files(tmp_path / "none", [wanted]) == []


def test_what_is_damaged_is_left_out(archived, tmp_path):
    day = next(archived.waveforms.rglob("*.D.2023.319"))
    copy = tmp_path / day.relative_to(archived.waveforms)
    copy.parent.mkdir(parents=True)
    data = bytearray(day.read_bytes())
    data[600:700] = bytes(100)
    copy.write_bytes(b"junk" * 200 + data)
    wanted = Selection(begin=MIDNIGHT - 1.0, end=MIDNIGHT + 86_400.0)
    found = b"".join(files.records(files.day_files(tmp_path, [wanted])))
    heads = list(miniseed.heads(found))
    assert heads
    assert not [each for each in heads if isinstance(each, Dropped)]


def request(query, method="GET"):
    scope = {
        "type": "http",
        "method": method,
        "path": QUERY,
        "query_string": query.encode(),
        "headers": [],
        "client": ("192.0.2.1", 1),
        "server": ("x", 80),
        "scheme": "http",
    }
    return Request(scope)


def test_a_turn_is_given_back_when_a_client_leaves_amid_the_answer(archived, monkeypatch):
    monkeypatch.setattr(files, "CHUNK", 1024)
    given = DataselectService(archived.waveforms)

    async def run():
        answer = await given.query(request("start=2023-11-14&end=2023-11-16"))
        assert given._turns.here == 1
        sent = []

        async def receive():
            await asyncio.sleep(3600)

        async def send(message):
            sent.append(message)
            if len(sent) == 3:
                raise OSError("the client is gone")

        with pytest.raises(Exception, match=r"gone|unhandled|client"):
            await answer({"type": "http", "asgi": {"spec_version": "2.3"}}, receive, send)
        assert given._turns.here == 0
        assert sum(len(each.get("body", b"")) for each in sent) < 5000, "in pieces"

    asyncio.run(run())


def test_a_turn_is_given_back_after_an_error(archived, monkeypatch):
    given = DataselectService(archived.waveforms)

    def broken(*args):
        raise OSError("disk")

    monkeypatch.setattr(service, "day_files", broken)

    async def run():
        with pytest.raises(OSError, match="disk"):
            await given.query(request("start=2023-11-14&end=2023-11-16"))
        assert given._turns.here == 0

    asyncio.run(run())
