"""Bounded sending: frames queue per socket and leave together once per turn of the event loop.

A socket whose reader is too slow is cut off, so that it costs nobody else memory or
time; its client finds everything again by `enter`.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from aiohttp import web

from server.wire.codec import Frame, SubProtocol

log: Final = logging.getLogger(__name__)

MOST_BYTES: Final = 256 * 1024
"""Unsent bytes after which a reader counts as too slow."""
NEVER_DRAIN: Final = 1 << 40
"""The socket's own limit for waiting: above ours, so that writing never waits."""

# The first byte of an unmasked, unfragmented frame (RFC 6455, 5.2).
_TEXT: Final = 0x81
_BINARY: Final = 0x82
_ONE_BYTE: Final = 126
_TWO_BYTES: Final = 1 << 16

Written = Callable[[], None]


def framed(payload: bytes, protocol: SubProtocol) -> bytes:
    """A server's WebSocket frame around a payload (RFC 6455, 5.2).

    aiohttp writes each frame to the network by itself; made here, those of one turn
    leave in one write, which is most of what a message costs.
    """
    first = _TEXT if protocol is SubProtocol.JSON else _BINARY
    size = len(payload)
    if size < _ONE_BYTE:
        return bytes((first, size)) + payload
    if size < _TWO_BYTES:
        return bytes((first, 126)) + size.to_bytes(2, "big") + payload
    return bytes((first, 127)) + size.to_bytes(8, "big") + payload


class Outbox:
    """Frames on their way to one socket.

    The socket must not compress, and must have been made with
    `writer_limit=NEVER_DRAIN`: the bound is ours to watch.
    """

    def __init__(
        self,
        socket: web.WebSocketResponse,
        transport: asyncio.WriteTransport,
        protocol: SubProtocol,
        flusher: "Flusher",
    ) -> None:
        self._socket: Final = socket
        self._transport: Final = transport
        self._protocol: Final = protocol
        self._flusher: Final = flusher
        self._queue: Final[list[bytes]] = []
        self._written: Final[list[Written]] = []
        self._closed = False

    def put(self, frame: Frame, written: Written | None = None) -> None:
        """Queue a frame; never waits, never raises. Nothing is sent once cut off."""
        if self._closed:
            return
        if not self._queue:
            self._flusher.flush_soon(self)
        self._queue.append(framed(frame.written(self._protocol), self._protocol))
        if written is not None:
            self._written.append(written)

    def flush(self) -> None:
        """Hand everything queued to the transport; cut off a reader that is too slow."""
        if not self._queue:
            return
        if self._socket.closed or self._transport.is_closing():
            self.close()  # the reading side sees the end and cleans up
            return
        self._transport.write(b"".join(self._queue))
        self._queue.clear()
        if self._written:
            written = tuple(self._written)
            self._written.clear()
            for tell in written:
                tell()
        self.cut_off_slow()

    def cut_off_slow(self) -> None:
        """Cut off a reader that has left too much unread."""
        if self._transport.get_write_buffer_size() > MOST_BYTES:
            self.close()
            self._transport.abort()

    def close(self) -> None:
        """Send nothing more."""
        self._closed = True
        self._queue.clear()
        self._written.clear()


class Flusher:
    """Flushes all outboxes that a turn of the event loop has filled."""

    def __init__(self) -> None:
        self._filled: list[Outbox] = []

    def flush_soon(self, outbox: Outbox) -> None:
        """Flush this outbox at the end of this turn of the event loop."""
        if not self._filled:
            asyncio.get_running_loop().call_soon(self._flush)
        self._filled.append(outbox)

    def _flush(self) -> None:
        filled, self._filled = self._filled, []
        for outbox in filled:
            try:
                outbox.flush()
            except Exception:
                log.exception("our bug, in a flush: that socket is closed, the others go on")
                outbox.close()
