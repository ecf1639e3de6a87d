from forewave import types
from forewave.stream_id import StreamId


def test_types_hand_it_on():
    stream = StreamId("TW", "ETM", "", "HLZ")
    assert types.StreamId is StreamId
    assert (str(stream), stream.code) == ("TW.ETM..HLZ", "TW.ETM")
