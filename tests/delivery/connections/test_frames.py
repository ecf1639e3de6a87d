"""RFC 6455: what a client may send, in any cuts, and what the server answers."""

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.delivery.connections.frames import (
    Code,
    Decoder,
    FrameError,
    Message,
    Opcode,
    accept_key,
    close_code,
    close_frame,
    pong_frame,
    text_frame,
)

LONGEST = 512


def frame(opcode, payload=b"", final=True, mask=b"\x37\xfa\x21\x3d", reserved=0):
    """What a client sends."""
    size = len(payload)
    first = (0x80 if final else 0) | reserved | opcode
    if size < 126:
        head = struct.pack("!BB", first, 0x80 | size)
    elif size < 1 << 16:
        head = struct.pack("!BBH", first, 0xFE, size)
    else:
        head = struct.pack("!BBQ", first, 0xFF, size)
    return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


def decoded(*parts):
    decoder = Decoder(LONGEST)
    return [message for part in parts for message in decoder.feed(part)]


def refused(*parts):
    with pytest.raises(FrameError) as raised:
        decoded(*parts)
    return raised.value.code


def test_the_examples_of_the_rfc():
    """5.7 and 1.3."""
    assert decoded(bytes.fromhex("818537fa213d7f9f4d5158")) == [Message(Opcode.TEXT, b"Hello")]
    assert text_frame(b"Hello") == bytes.fromhex("810548656c6c6f")
    assert pong_frame(b"Hello") == bytes.fromhex("8a0548656c6c6f")
    assert text_frame(b"x" * 256)[:4] == bytes.fromhex("817e0100")
    assert text_frame(b"x" * 65536)[:10] == bytes.fromhex("817f0000000000010000")
    assert accept_key("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


masks = st.binary(min_size=4, max_size=4)
texts = st.text(max_size=120).map(str.encode)
controls = st.tuples(st.sampled_from([Opcode.PING, Opcode.PONG]), st.binary(max_size=125))


@st.composite
def streams(draw):
    """Messages in fragments with control frames between them, and what must come out."""
    data, out = b"", []
    for text in draw(st.lists(texts, max_size=4)):
        cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
        pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        for number, piece in enumerate(pieces):
            opcode = Opcode.CONTINUATION if number else Opcode.TEXT
            data += frame(opcode, piece, number == len(pieces) - 1, draw(masks))
            if number < len(pieces) - 1 and draw(st.booleans()):
                kind, payload = draw(controls)
                data += frame(kind, payload, mask=draw(masks))
                out.append(Message(kind, payload))
        out.append(Message(Opcode.TEXT, text))
    return data, out


@given(streams(), st.data())
def test_fragments_masks_and_cuts_of_the_stream_change_nothing(stream, data):
    sent, expected = stream
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=10)))
    parts = [sent[a:b] for a, b in zip([0, *cuts], [*cuts, len(sent)], strict=True)]
    assert decoded(*parts) == expected


def test_every_cut_of_a_fragmented_text_with_a_ping_inside():
    whole = (
        frame(Opcode.TEXT, "é".encode()[:1], final=False)
        + frame(Opcode.PING, b"p")
        + frame(Opcode.CONTINUATION, "é".encode()[1:] + b"x" * 300)
    )
    expected = [Message(Opcode.PING, b"p"), Message(Opcode.TEXT, "é".encode() + b"x" * 300)]
    assert decoded(*(bytes([byte]) for byte in whole)) == expected
    for cut in range(len(whole) + 1):
        assert decoded(whole[:cut], whole[cut:]) == expected


@pytest.mark.parametrize("opcode", range(16))
@pytest.mark.parametrize("final", [True, False])
def test_every_opcode(opcode, final):
    sent = frame(opcode, final=final)
    if opcode in (Opcode.TEXT, Opcode.BINARY):
        assert decoded(sent) == ([Message(Opcode(opcode), b"")] if final else [])
    elif opcode in (Opcode.CLOSE, Opcode.PING, Opcode.PONG) and final:
        assert decoded(sent) == [Message(Opcode(opcode), b"")]
    else:  # reserved, a fragmented control frame, or a continuation of nothing
        assert refused(sent) == Code.PROTOCOL_ERROR


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([b"\x81\x00"], Code.PROTOCOL_ERROR),  # not masked
        ([text_frame(b"Hello")], Code.PROTOCOL_ERROR),
        ([frame(Opcode.TEXT, reserved=0x40)], Code.PROTOCOL_ERROR),
        ([frame(Opcode.TEXT, reserved=0x20)], Code.PROTOCOL_ERROR),
        ([frame(Opcode.TEXT, reserved=0x10)], Code.PROTOCOL_ERROR),
        ([frame(Opcode.PING, b"x" * 126)], Code.PROTOCOL_ERROR),
        ([b"\x81\xfe\x00\x7d"], Code.PROTOCOL_ERROR),  # a length not as short as it can be
        ([b"\x81\xff" + bytes(6) + b"\xff\xff"], Code.PROTOCOL_ERROR),
        ([b"\x81\xff\x80" + bytes(7)], Code.PROTOCOL_ERROR),
        ([frame(Opcode.TEXT, final=False), frame(Opcode.TEXT)], Code.PROTOCOL_ERROR),
        ([frame(Opcode.TEXT, b"\xff")], Code.INVALID_TEXT),
        ([frame(Opcode.TEXT, b"\xed\xa0\x80")], Code.INVALID_TEXT),  # half of a surrogate pair
        ([frame(Opcode.TEXT, b"\xc3", final=False), frame(Opcode.CONTINUATION)], Code.INVALID_TEXT),
        ([frame(Opcode.TEXT, b"x" * 513)[:4]], Code.TOO_BIG),  # before its payload has come
        (
            [frame(Opcode.TEXT, b"x" * 512, final=False), frame(Opcode.CONTINUATION, b"x")],
            Code.TOO_BIG,
        ),
        ([frame(Opcode.TEXT, final=False)] + [frame(0, final=False)] * 64, Code.TOO_BIG),
        ([frame(Opcode.CLOSE, b"\x03")], Code.PROTOCOL_ERROR),
        ([frame(Opcode.CLOSE, b"\x03\xe8\xff")], Code.INVALID_TEXT),
    ],
)
def test_what_breaks_the_protocol_or_a_limit_has_its_code(parts, code):
    assert refused(*parts) == code


def test_a_message_of_the_longest_size_is_taken():
    assert decoded(frame(Opcode.TEXT, b"x" * LONGEST))[0].payload == b"x" * LONGEST


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1015, 2999, 5000])
def test_codes_that_no_close_frame_may_have_are_refused(code):
    assert refused(frame(Opcode.CLOSE, struct.pack("!H", code))) == Code.PROTOCOL_ERROR


@pytest.mark.parametrize("code", [1000, 1001, 1003, 1007, 1012, 1014, 3000, 4999])
def test_other_codes_of_close_frames_are_read(code):
    (message,) = decoded(frame(Opcode.CLOSE, struct.pack("!H", code) + "gë".encode()))
    assert close_code(message.payload) == code
    assert close_frame(code) == b"\x88\x02" + struct.pack("!H", code)


def test_an_empty_close_frame_is_answered_by_one():
    assert close_code(b"") is None
    assert close_frame(None) == b"\x88\x00"


def test_what_came_before_a_fault_is_not_lost():
    messages = Decoder(LONGEST).feed(frame(Opcode.TEXT, b"a") + b"\x81\x00")
    assert next(messages).payload == b"a"
    with pytest.raises(FrameError):
        next(messages)


@pytest.mark.parametrize("key", ["", "x", "dGhl", "dGhlIHNhbXBsZSBub25jZQ==x", "é"])
def test_a_key_that_is_not_16_bytes_in_base64_is_none(key):
    assert accept_key(key) is None


@given(st.lists(st.binary(max_size=80), max_size=5))
def test_any_bytes_give_messages_or_a_frame_error(parts):
    decoder = Decoder(LONGEST)
    with contextlib.suppress(FrameError):
        for part in parts:
            assert all(isinstance(message, Message) for message in decoder.feed(part))
