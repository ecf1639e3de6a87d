import numpy as np
import pytest

from forewave.formats.waveforms import miniseed, miniseed_index
from forewave.formats.waveforms.segments import join
from forewave.types import Dropped, Packet, StreamId

T0 = 1.6e9
NOISE = np.random.default_rng(1).integers(-900, 900, 20_000).astype(np.int32)


def stream(code):
    return StreamId("XX", code, "", "HNZ")


def records(code, version=2, start=T0, samples=NOISE):
    """Each record's bytes."""
    data = miniseed.encode([Packet(stream(code), start, 100.0, samples)], version)
    return [data[head.at : head.at + head.length] for head in miniseed.heads(data)]


def write(folder, name, parts):
    (folder / name).write_bytes(b"".join(parts))
    return folder / name


def read(files, places, chunk=4096):
    return list(miniseed_index.read(files, places, chunk))


@pytest.mark.parametrize("version", [2, 3])
def test_each_stream_is_read_by_itself_in_time_however_they_lie(tmp_path, version):
    one, two = records("AAA", version), records("BBB", version)
    assert len(one) > 20
    mixed = [record for pair in zip(one, two, strict=True) for record in pair]
    backwards = [*reversed(one), *two]
    for name, parts in {"after": one + two, "mixed": mixed, "backwards": backwards}.items():
        files = [write(tmp_path, name, parts)]
        streams, lost = miniseed_index.scan(files)
        assert lost == []
        assert set(streams) == {stream("AAA"), stream("BBB")}
        for places in streams.values():
            packets = read(files, places)
            assert [p.start for p in packets] == sorted(p.start for p in packets)
            samples = np.concatenate([p.samples for p in packets])
            np.testing.assert_array_equal(samples, NOISE)


def test_a_stream_may_lie_in_several_files(tmp_path):
    later = write(tmp_path, "a", records("AAA", start=T0 + 200.0))
    before = write(tmp_path, "b", records("AAA"))
    streams, _ = miniseed_index.scan([later, before])
    (whole,), repeated = join(read([later, before], streams[stream("AAA")]))
    assert (whole.start, len(whole.samples), repeated) == (T0, 40_000, [])


def test_bytes_that_are_no_record_are_reported_once_and_cost_nothing_else(tmp_path):
    one = records("AAA")
    file = write(tmp_path, "a", [one[0], b"\xff" * 512, *one[1:], one[0][:300]])
    streams, lost = miniseed_index.scan([file, tmp_path / "none"])
    assert [word.reason for word in lost] == ["not miniSEED", "truncated record", "unreadable file"]
    packets = read([file], streams[stream("AAA")])
    np.testing.assert_array_equal(np.concatenate([p.samples for p in packets]), NOISE)


def test_a_file_that_disappears_is_reported(tmp_path):
    file = write(tmp_path, "a", records("AAA"))
    streams, _ = miniseed_index.scan([file])
    file.unlink()
    assert {w.reason for w in read([file], streams[stream("AAA")])} == {"unreadable file"}


def test_damage_inside_a_record_is_reported_when_it_is_read(tmp_path):
    one = records("AAA")
    bad = bytearray(one[1])
    bad[64:512] = b"\xff" * 448
    file = write(tmp_path, "a", [one[0], bytes(bad), *one[2:]])
    streams, lost = miniseed_index.scan([file])
    assert lost == []
    words = read([file], streams[stream("AAA")])
    assert [w.reason for w in words if isinstance(w, Dropped)] == ["damaged record"]
