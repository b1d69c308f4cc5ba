"""Bounded sending: frames queue per socket and leave once per turn of the event loop.

A socket whose reader is too slow is cut off, so that it costs nobody else memory or
time; its client finds everything again by `enter`.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from aiohttp import WSMsgType, web

from server.wire.codec import Frame, SubProtocol

MOST_BYTES: Final = 256 * 1024
"""Unsent bytes after which a reader counts as too slow."""
NEVER_DRAIN: Final = 1 << 40
"""The socket's own limit for waiting: above ours, so that writing never waits."""

Written = Callable[[], None]


class Outbox:
    """Frames on their way to one socket.

    The socket must have been made with `writer_limit=NEVER_DRAIN`: then a frame goes
    to the transport without waiting, and the bound is ours to watch.
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
        self._opcode: Final = WSMsgType.TEXT if protocol is SubProtocol.JSON else WSMsgType.BINARY
        self._queue: Final[deque[tuple[Frame, Written | None]]] = deque()
        self._closed = False

    def put(self, frame: Frame, written: Written | None = None) -> None:
        """Queue a frame; never waits, never raises. Nothing is sent once cut off."""
        if not self._closed:
            if not self._queue:
                self._flusher.flush_soon(self)
            self._queue.append((frame, written))

    async def flush(self) -> None:
        """Hand everything queued to the transport; cut off a reader that is too slow."""
        try:
            while self._queue:
                frame, written = self._queue.popleft()
                await self._socket.send_frame(frame.written(self._protocol), self._opcode)
                if written is not None:
                    written()
        except ConnectionError:
            self.close()  # the reading side sees the end and cleans up
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


class Flusher:
    """Flushes all outboxes that a turn of the event loop has filled; owns its task."""

    def __init__(self) -> None:
        self._filled: list[Outbox] = []
        self._wake: Final = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to flush."""
        self._task = asyncio.create_task(self._run(), name="flusher")

    async def stop(self) -> None:
        """Flush once more, and end."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            await self._flush()

    def flush_soon(self, outbox: Outbox) -> None:
        """Flush this outbox in this turn of the event loop, or the next."""
        self._filled.append(outbox)
        self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._flush()

    async def _flush(self) -> None:
        filled, self._filled = self._filled, []
        for outbox in filled:
            await outbox.flush()
