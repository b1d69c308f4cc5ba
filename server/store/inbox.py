"""The inbox of a process: what others append to the matches that it holds, as it happens.

Redis's sharded publish and subscribe, a channel for each partition. A message may be lost, and
nobody says so: whoever reads it looks for gaps, and reads the logs again whenever it begins anew.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final

import hiredis

from server.store.address import Address
from server.store.link import TIMEOUT_S, Unavailable

_SUBSCRIBED: Final = b"ssubscribe"
_MESSAGE: Final = b"smessage"


class Inbox:
    """The channels of one process; `heard` is called with each message.

    `began` is called whenever it hears again, the first time too: what was said before is lost.
    """

    def __init__(
        self,
        url: str,
        channels: Sequence[str],
        heard: Callable[[bytes], None],
        began: Callable[[], None],
    ) -> None:
        self._url: Final = url
        self._channels: Final = channels
        self._heard: Final = heard
        self._began: Final = began
        self._ear: _Ear | None = None

    async def probe(self) -> None:
        """See that it hears: connect, or ask a connection for a sign of life.

        One that has not given any since the last probe is alive and mute, and makes way.

        Raises:
            Unavailable: Redis does not answer.
        """
        if self._ear is not None and self._ear.is_mute():
            self.close()
        if self._ear is None:
            await self._connect()
        else:
            self._ear.ask()

    def close(self) -> None:
        """Hear nothing any more."""
        ear, self._ear = self._ear, None
        if ear is not None:
            ear.close()

    async def _connect(self) -> None:
        address = Address(self._url)
        subscribe = [("SSUBSCRIBE", channel) for channel in self._channels]
        ear: _Ear | None = None
        try:
            async with asyncio.timeout(TIMEOUT_S):
                ear = await address.connect(lambda: _Ear(len(subscribe), self._heard))
                ear.say([*address.greeting(), *subscribe])
                await ear.hears
        except (OSError, TimeoutError) as error:
            if ear is not None:
                ear.close()
            raise Unavailable(str(error) or type(error).__name__) from error
        self._ear = ear
        self._began()


class _Ear(asyncio.Protocol):
    """One connection; `hears` is done when it is subscribed to all its channels."""

    def __init__(self, channels: int, heard: Callable[[bytes], None]) -> None:
        self.hears: Final = asyncio.get_running_loop().create_future()
        self._missing = channels
        self._heard: Final = heard
        self._reader: Final = hiredis.Reader()
        self._transport: Any = None  # uvloop's are no subclasses of asyncio's
        self._gone = False
        self._asked = False

    def say(self, commands: Sequence[tuple[str, ...]]) -> None:
        """Send commands."""
        packed = (hiredis.pack_command(command) for command in commands)  # type: ignore[arg-type] # typed as a tuple of one
        self._transport.write(b"".join(packed))

    def ask(self) -> None:
        """Ask for a sign of life."""
        self._asked = True
        self.say([("PING",)])

    def is_mute(self) -> bool:
        """Whether nothing came since it was asked, or nothing can come any more."""
        return self._gone or self._asked

    def close(self) -> None:
        """End it."""
        self._fail(ConnectionError("closed"))
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The event loop has connected."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Hand on each message."""
        self._asked = False
        self._reader.feed(data)
        try:
            while (reply := self._reader.gets()) is not False:
                self._take(reply)
        except hiredis.ProtocolError as error:
            self._fail(ConnectionError(str(error)))
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """The other side, or the network, has ended it; or we have."""
        self._fail(ConnectionError(str(exc) if exc else "the connection was closed"))

    def _take(self, reply: Any) -> None:  # noqa: ANN401 - whatever Redis says
        if isinstance(reply, hiredis.ReplyError):
            self._fail(ConnectionError(str(reply)))
        elif isinstance(reply, list) and reply[0] == _MESSAGE:
            self._heard(reply[2])
        elif isinstance(reply, list) and reply[0] == _SUBSCRIBED:
            self._missing -= 1
            if not self._missing and not self.hears.done():
                self.hears.set_result(None)

    def _fail(self, error: ConnectionError) -> None:
        self._gone = True
        if not self.hears.done():
            self.hears.set_exception(error)
            self.hears.exception()  # who waited may have gone
