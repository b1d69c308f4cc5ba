"""Frames to messages and back, by rows."""

import json
import math
from typing import Any

import msgpack
import pytest

from server.core.refusal import Reason
from server.wire.client import Answer, CancelSeek, Enter, Ping, Seek
from server.wire.codec import (
    Frame,
    Malformed,
    SubProtocol,
    Undecodable,
    decode,
    encode,
    ref_in,
)
from server.wire.messages import Done, Pong, RefusedMessage

JSON, MSGPACK = SubProtocol.JSON, SubProtocol.MSGPACK
ANSWER = {"type": "answer", "match": "m", "round": 1, "choice": 0}


def packed(value: object, protocol: SubProtocol) -> bytes:
    raw: bytes = msgpack.packb(value) if protocol is MSGPACK else json.dumps(value).encode()
    return raw


@pytest.mark.parametrize("protocol", SubProtocol)
@pytest.mark.parametrize(
    ("value", "message"),
    [
        (ANSWER, Answer(match="m", round=1, choice=0)),
        ({**ANSWER, "choice": 3, "ref": "r"}, Answer(match="m", round=1, choice=3, ref="r")),
        ({**ANSWER, "ref": None, "else": [1]}, Answer(match="m", round=1, choice=0)),
        ({**ANSWER, "round": -(2**63)}, Answer(match="m", round=-(2**63), choice=0)),
        ({"type": "seek", "deck": "d"}, Seek(deck="d", rated=True)),
        ({"type": "seek", "deck": "d", "rated": False}, Seek(deck="d", rated=False)),
        ({"type": "cancel_seek", "ref": -7}, CancelSeek(ref=-7)),
        ({"type": "enter", "match": "", "ref": 2**63 - 1}, Enter(match="", ref=2**63 - 1)),
        ({"type": "ping", "t": 0.5}, Ping(t=0.5)),
    ],
)
def test_a_legal_frame_is_its_message(value: Any, message: object, protocol: SubProtocol) -> None:  # noqa: ANN401 - any map
    assert decode(packed(value, protocol), protocol) == message


@pytest.mark.parametrize("protocol", SubProtocol)
@pytest.mark.parametrize(
    ("value", "reason", "ref"),
    [
        ([], Reason.MALFORMED, None),
        (7, Reason.MALFORMED, None),
        ("ping", Reason.MALFORMED, None),
        (None, Reason.MALFORMED, None),
        ({}, Reason.MALFORMED, None),
        ({"ref": "r"}, Reason.MALFORMED, "r"),
        ({"type": 1, "ref": 5}, Reason.MALFORMED, 5),
        ({"type": ["answer"]}, Reason.MALFORMED, None),
        ({"type": "answers", "ref": 5}, Reason.UNKNOWN_TYPE, 5),
        ({"type": "welcome"}, Reason.UNKNOWN_TYPE, None),
        ({"type": "answer", "match": "m", "round": 1, "ref": "r"}, Reason.MALFORMED, "r"),
        ({**ANSWER, "choice": 4}, Reason.MALFORMED, None),
        ({**ANSWER, "choice": -1}, Reason.MALFORMED, None),
        ({**ANSWER, "choice": True}, Reason.MALFORMED, None),
        ({**ANSWER, "choice": 1.0}, Reason.MALFORMED, None),
        ({**ANSWER, "choice": "1"}, Reason.MALFORMED, None),
        ({**ANSWER, "choice": None}, Reason.MALFORMED, None),
        ({**ANSWER, "round": False}, Reason.MALFORMED, None),
        ({**ANSWER, "round": 2**63}, Reason.MALFORMED, None),
        ({**ANSWER, "match": 1}, Reason.MALFORMED, None),
        ({**ANSWER, "ref": True}, Reason.MALFORMED, None),
        ({**ANSWER, "ref": 1.5}, Reason.MALFORMED, None),
        ({**ANSWER, "ref": ["r"]}, Reason.MALFORMED, None),
        ({**ANSWER, "ref": 2**63}, Reason.MALFORMED, None),
        ({"type": "seek", "deck": "d", "rated": 1}, Reason.MALFORMED, None),
        ({"type": "ping", "t": "now"}, Reason.MALFORMED, None),
        ({"type": "ping", "t": True}, Reason.MALFORMED, None),
    ],
)
def test_a_map_that_is_no_message_of_ours_is_refused_with_its_ref(
    value: object, reason: Reason, ref: object, protocol: SubProtocol
) -> None:
    with pytest.raises(Malformed) as refused:
        decode(packed(value, protocol), protocol)
    assert (refused.value.reason, refused.value.ref) == (reason, ref)
    assert refused.value.detail.endswith(".")


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"{",
        b"nonsense",
        b'{"type":"ping","t":NaN}',
        b'{"type":"ping","t":1e999}',
        b'{"type":"ping","t":1}{}',
        b'{"type":"ping","t":1,"x":"\xff"}',
        b'{"type":"ping","t":1,"x":"\\ud800"}',
        b"[" * 4096,
        b'{"a":' * 800,
        b"[" * 2048 + b"]" * 2048,
    ],
)
def test_bytes_that_are_no_json_are_undecodable(frame: bytes) -> None:
    with pytest.raises(Undecodable):
        decode(frame, JSON)
    assert ref_in(frame, JSON) is None


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\xc1",
        b"\x81",
        b"\x81\xa4type",
        b"\xa4ping\xc0",
        b"\x81\xa4type\xa2\xff\xff",
        b"\x82\xa4type\xa4ping\x92\x01\x02\x01",  # an array as a key
        b"\x81\x80\xc0",  # a map as a key
        b"\xdf\xff\xff\xff\xff",  # a map of four thousand million
        b"\xdd\xff\xff\xff\xff",
        b"\xdb\xff\xff\xff\xff",
        b"\xc6\xff\xff\xff\xff",
        b"\xd6\xff\x00\x00\x00\x01",  # a timestamp
        b"\xde\x00\x41" + b"\x01\x01" * 65,  # 65 entries
        b"\x91" * 4095 + b"\xc0",
    ],
)
def test_bytes_that_are_no_messagepack_are_undecodable(frame: bytes) -> None:
    with pytest.raises(Undecodable):
        decode(frame, MSGPACK)
    assert ref_in(frame, MSGPACK) is None


def test_of_a_key_given_twice_the_last_one_counts() -> None:
    twice = b'{"type":"ping","t":1,"t":2}'
    assert decode(twice, JSON) == Ping(t=2)
    assert decode(b"\x83\xa4type\xa4ping\xa1t\x01\xa1t\x02", MSGPACK) == Ping(t=2)


def test_a_messagepack_key_that_is_no_string_is_an_unknown_one() -> None:
    message = {"type": "ping", "t": 1, 7: 8, b"t": 2, None: 3, True: 4}
    assert decode(msgpack.packb(message), MSGPACK) == Ping(t=1)


def test_a_number_that_is_none_comes_back_as_such_in_messagepack() -> None:
    message = decode(msgpack.packb({"type": "ping", "t": math.nan}), MSGPACK)
    assert isinstance(message, Ping)
    again = msgpack.unpackb(encode(Pong(t=message.t), MSGPACK))
    assert math.isnan(again["t"])


@pytest.mark.parametrize(
    ("value", "ref"),
    [(ANSWER | {"ref": 4}, 4), ({"ref": "r"}, "r"), ({"ref": 1.5}, None), (ANSWER, None)],
)
def test_a_message_that_is_refused_unread_still_gives_its_ref(value: object, ref: object) -> None:
    assert ref_in(packed(value, JSON), JSON) == ref
    assert ref_in(packed(value, MSGPACK), MSGPACK) == ref


def test_both_encodings_hold_the_same_map() -> None:
    frame = Frame(RefusedMessage(reason="over", detail="This match is over.", ref=3))
    read = {"type": "refused", "reason": "over", "detail": "This match is over.", "ref": 3}
    assert msgpack.unpackb(frame.written(MSGPACK)) == read
    assert json.loads(frame.written(JSON)) == read


def test_a_frame_is_written_once_for_all_sockets_of_an_encoding() -> None:
    frame = Frame(Done(ref=1))
    assert frame.written(JSON) is frame.written(JSON)
    assert frame.written(MSGPACK) is frame.written(MSGPACK)


def nested(levels: int) -> tuple[bytes, bytes]:
    """Arrays in arrays: inside a message, and as all there is."""
    arrays = b"[" * levels + b"]" * levels
    return b'{"type": "cancel_seek", "more": ' + arrays + b"}", arrays


def test_nesting_of_32_levels_is_taken() -> None:
    inside, alone = nested(32)
    decode(inside, JSON)
    with pytest.raises(Malformed):
        decode(alone, JSON)


@pytest.mark.parametrize("frame", nested(33))
def test_deeper_nesting_is_undecodable_whatever_the_parser_bears(frame: bytes) -> None:
    with pytest.raises(Undecodable):
        decode(frame, JSON)


def test_deeper_nesting_is_undecodable_in_messagepack_too() -> None:
    with pytest.raises(Undecodable):
        decode(b"\x91" * 32 + b"\x90", MSGPACK)
