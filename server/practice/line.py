"""One socket of a practice opponent, on which it plays up to 64 matches."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

import msgspec
from aiohttp import ClientSession, WSMsgType

from server.wire.client import ClientMessage
from server.wire.codec import SubProtocol
from server.wire.messages import ServerMessage

MOST_MATCHES: Final = 64
"""What the server lets one socket follow at a time."""
SHARE_OF_LIMIT: Final = 0.75
"""How much of the messages a second that the server allows are sent; pongs count, too."""

_decode: Final = msgspec.msgpack.Decoder(ServerMessage).decode
_encode: Final = msgspec.msgpack.Encoder().encode


class Lost(Exception):  # noqa: N818 - what happens to a connection
    """The server is not there, or not able: connect again, and enter every match anew."""


class Pace:
    """When to send the next message: `a_second` of them, and as many at once; 0 lifts it."""

    def __init__(self, a_second: float) -> None:
        self._a_second: Final = a_second
        self._owed_until = 0.0

    def wait_s(self, now: float) -> float:
        """Count a message that is to be sent; how long it must wait (`now` in monotonic s)."""
        if self._a_second == 0:
            return 0.0
        self._owed_until = max(self._owed_until, now - 1) + 1 / self._a_second
        return max(0.0, self._owed_until - now)


class Line:
    """What is said before the socket is open is sent when it is.

    `rate_limit` is how many messages a second the server takes from one socket, 0 for any.
    """

    def __init__(self, take: "Take", rate_limit: int) -> None:
        self.matches: Final[set[str]] = set()
        self._take: Final = take
        self._pace: Final = Pace(SHARE_OF_LIMIT * rate_limit)
        self._to_say: Final[asyncio.Queue[ClientMessage]] = asyncio.Queue()

    @property
    def full(self) -> bool:
        """Whether this socket can follow no further match."""
        return len(self.matches) >= MOST_MATCHES

    def say(self, message: ClientMessage) -> None:
        """Send a message, in its turn."""
        self._to_say.put_nowait(message)

    async def run(self, http: ClientSession, origin: str, token: str) -> None:
        """Read and write until cancelled.

        Raises:
            Lost, aiohttp.ClientError: the socket cannot be opened, or has been closed.
        """
        async with http.ws_connect(
            f"{origin}/ws",
            headers={"Authorization": f"Bearer {token}"},
            protocols=[SubProtocol.MSGPACK],
            max_msg_size=0,
        ) as socket:

            async def read() -> None:
                while (frame := await socket.receive()).type is WSMsgType.BINARY:
                    self._take(self, _decode(frame.data))
                raise Lost

            async def write() -> None:
                while True:
                    message = await self._to_say.get()
                    await asyncio.sleep(self._pace.wait_s(time.monotonic()))
                    await socket.send_bytes(_encode(message))

            async with asyncio.TaskGroup() as both:
                both.create_task(read())
                both.create_task(write())


Take = Callable[[Line, ServerMessage], None]
"""Hears a message that came on a line."""
