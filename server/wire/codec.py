"""Frames to messages and back: the only place that knows tags, MessagePack and JSON."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final, get_args

import msgpack
import msgspec

from server.core.refusal import Reason, Refused
from server.wire.client import ClientMessage, Ref
from server.wire.messages import ServerMessage

MAX_FRAME: Final = 4096
"""Bytes of the largest client frame."""


class SubProtocol(StrEnum):
    """How the maps of one socket are written."""

    MSGPACK = "deckduel.v1.msgpack"
    JSON = "deckduel.v1.json"


class Undecodable(Exception):  # noqa: N818 - what the bytes are, not what we did
    """Bytes that are no MessagePack, or no JSON, of sane nesting: close with 1007."""


class Malformed(Refused):
    """A map that is none of our messages; `ref` is the client's, if it had one."""

    def __init__(self, detail: str, ref: Ref, reason: Reason = Reason.MALFORMED) -> None:
        super().__init__(reason, detail)
        self.ref = ref


_CLIENT_TYPES: Final[dict[str, type[ClientMessage]]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(ClientMessage)
}
_MAX_ITEMS: Final = 64
MAX_DEPTH: Final = 32
"""Levels of maps and arrays in a frame; how deep a parser goes is no promise of ours."""


def _unpack(frame: bytes) -> object:
    return msgpack.unpackb(
        frame,
        strict_map_key=False,
        max_map_len=_MAX_ITEMS,
        max_array_len=_MAX_ITEMS,
        max_str_len=MAX_FRAME,
        max_bin_len=MAX_FRAME,
        max_ext_len=0,
    )


_json_decoder: Final = msgspec.json.Decoder()
_READERS: Final[dict[SubProtocol, Callable[[bytes], object]]] = {
    SubProtocol.MSGPACK: _unpack,
    SubProtocol.JSON: _json_decoder.decode,
}
_WRITERS: Final[dict[SubProtocol, Callable[[ServerMessage], bytes]]] = {
    SubProtocol.MSGPACK: msgspec.msgpack.Encoder().encode,
    SubProtocol.JSON: msgspec.json.Encoder().encode,
}


def decode(frame: bytes, protocol: SubProtocol) -> ClientMessage:
    """The message in one client frame.

    Raises:
        Undecodable: the bytes are not of this encoding, or nest too deep.
        Malformed: they are, but no message of ours.
    """
    try:
        raw = _READERS[protocol](frame)
    except (ValueError, TypeError, RecursionError, msgspec.MsgspecError) as error:
        # ValueError covers bad UTF-8, trailing bytes, lengths and msgpack's own errors;
        # TypeError is a MessagePack map whose key is an array or a map.
        raise Undecodable(str(error)) from error
    if not isinstance(raw, dict):
        _bound_depth(raw, MAX_DEPTH)
        raise Malformed("Send one map a frame.", None)
    for value in raw.values():
        if isinstance(value, (dict, list)):
            _bound_depth(value, MAX_DEPTH)
    return _message(raw)


def _bound_depth(value: object, levels: int) -> None:
    """Turn down what nests deeper than any message of ours could have grown to."""
    if isinstance(value, dict | list):
        if levels == 0:
            raise Undecodable("nested too deep")
        for inner in value.values() if isinstance(value, dict) else value:
            _bound_depth(inner, levels - 1)


def _message(raw: dict[Any, Any]) -> ClientMessage:
    tag = raw.get("type")
    if not isinstance(tag, str):
        raise Malformed("The map has no `type`.", _ref_of(raw))
    kind = _CLIENT_TYPES.get(tag)
    if kind is None:
        detail = "This server knows no such type of message."
        raise Malformed(detail, _ref_of(raw), Reason.UNKNOWN_TYPE)
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        named = {key: value for key, value in raw.items() if isinstance(key, str)}
        if len(named) < len(raw):  # a MessagePack key that is no string is an unknown one
            return _message(named)
        raise Malformed(f"{tag}: {error}.", _ref_of(raw)) from error


def ref_in(frame: bytes, protocol: SubProtocol) -> Ref:
    """The `ref` of a message that is refused unread; None where there is no legal one."""
    try:
        return decode(frame, protocol).ref
    except Malformed as malformed:
        return malformed.ref
    except Undecodable:
        return None


def _ref_of(raw: dict[Any, Any]) -> Ref:
    """The client's `ref` where it is a legal one, so that even a refusal carries it."""
    try:
        ref: Ref = msgspec.convert(raw.get("ref"), Ref)
    except msgspec.ValidationError:
        return None
    return ref


def encode(message: ServerMessage, protocol: SubProtocol) -> bytes:
    """The frame of one server message: UTF-8 text for JSON, else MessagePack."""
    return _WRITERS[protocol](message)


class Frame:
    """A server message on its way to several sockets, written once per encoding."""

    __slots__ = ("_written", "message")

    def __init__(self, message: ServerMessage) -> None:
        self.message: Final = message
        self._written: dict[SubProtocol, bytes] = {}

    def written(self, protocol: SubProtocol) -> bytes:
        """The bytes for a socket of this sub-protocol."""
        written = self._written.get(protocol)
        if written is None:
            written = self._written[protocol] = encode(self.message, protocol)
        return written
