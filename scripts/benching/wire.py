"""A WebSocket client that costs little: one `asyncio.Protocol`, no checks of well-behaved peers."""

import asyncio
import time
from typing import Final, cast

_BINARY: Final = 0x82
_CLOSE: Final = 0x88
_PONG: Final = 0x8A
_OPCODE: Final = 0x0F
_SHORT: Final = 125
_TWO_BYTES: Final = 126
_MASKED: Final = 0x80
_NO_MASK: Final = bytes(4)
"""A mask of zeros is as legal as any, and leaves the payload as it is."""


class Wire(asyncio.Protocol):
    """One connection; a subclass takes its frames."""

    def __init__(self, path: str, token: str, sub_protocol: str) -> None:
        self._request: Final = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            f"Sec-WebSocket-Protocol: {sub_protocol}\r\nAuthorization: Bearer {token}\r\n\r\n"
        ).encode()
        self._transport: asyncio.Transport | None = None
        self._rest = b""
        self._upgraded = False
        self._closing = False

    def opened(self) -> None:
        """The upgrade was accepted."""

    def took(self, payload: bytes, at: float) -> None:
        """A binary frame came in at `at` (seconds of the performance counter)."""
        raise NotImplementedError

    def ended(self, *, as_agreed: bool) -> None:
        """The connection is gone; `as_agreed` where this side had begun to close it."""
        raise NotImplementedError

    def send(self, payload: bytes) -> None:
        """Send one binary frame."""
        self._write(_BINARY, payload)

    def close(self) -> None:
        """Begin to close; `ended` follows."""
        self._closing = True
        self._write(_CLOSE, (1000).to_bytes(2, "big"))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is of no such class
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Take every whole frame out of what has come."""
        at = time.perf_counter()
        if self._rest:
            data = self._rest + data
        position = 0 if self._upgraded else self._after_upgrade(data)
        have = len(data)
        while have - position >= 2:  # noqa: PLR2004 - the shortest head of a frame
            length, start = data[position + 1], position + 2
            if length >= _TWO_BYTES:
                assert length == _TWO_BYTES, "no frame of ours is so long"
                start += 2
                length = int.from_bytes(data[position + 2 : start], "big")
            if have < start + length or have < start:
                break
            self._frame(data[position], data[start : start + length], at)
            position = start + length
        self._rest = data[position:]

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the subclass."""
        self.ended(as_agreed=self._closing and exc is None)

    def _after_upgrade(self, data: bytes) -> int:
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return 0
        if not data.startswith(b"HTTP/1.1 101 "):
            raise ConnectionError(data[:80].decode("latin-1"))
        self._upgraded = True
        self.opened()
        return end + 4

    def _frame(self, first: int, payload: bytes, at: float) -> None:
        if first == _BINARY:
            self.took(payload, at)
        elif first == _CLOSE:
            if self._transport is not None:
                self._transport.close()
        elif first & _OPCODE == 9:  # noqa: PLR2004 - a ping
            self._write(_PONG, payload)

    def _write(self, first: int, payload: bytes) -> None:
        length = len(payload)
        if length <= _SHORT:
            head = bytes((first, _MASKED | length))
        else:
            head = bytes((first, _MASKED | _TWO_BYTES)) + length.to_bytes(2, "big")
        if self._transport is not None:
            self._transport.write(head + _NO_MASK + payload)
