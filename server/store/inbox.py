"""The inbox of a process: what others append to the matches that it holds, as it happens.

Redis's sharded publish and subscribe, a channel for each partition. A message may be lost, and
nobody says so: whoever reads it looks for gaps, and reads the logs again whenever it begins anew.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final

import hiredis
from redis.crc import key_slot

from server.store.address import Address, Kind, Place
from server.store.resp import Unavailable
from server.store.topology import find_only, find_shards

TIMEOUT_S: Final = 2.0
"""A Redis that takes longer to have us listen counts as gone."""
_SUBSCRIBED: Final = b"ssubscribe"
_MESSAGE: Final = b"smessage"
_NOT_HERE: Final = frozenset({b"sunsubscribe", b"slave"})


class Inbox:
    """The channels of one process; `heard` is called with each message.

    In a cluster it has an ear at each node that holds some of the channels. `began` is called
    with those of an ear that hears again, the first time too: what was said there before is lost.
    """

    def __init__(
        self,
        url: str,
        channels: Sequence[str],
        heard: Callable[[bytes], None],
        began: Callable[[Sequence[str]], None],
    ) -> None:
        self._address: Final = Address.of(url)
        self._channels: Final = channels
        self._heard: Final = heard
        self._began: Final = began
        self._ears: list[_Ear] = []
        self._awaited: set[str] = set()
        self._known: set[Place] = set()

    async def probe(self) -> None:
        """See that it hears: connect, or ask each connection for a sign of life.

        One that has not given any since the last probe is alive and mute, and makes way. The
        next probe need not wait for this one, which may take as long as a silent node.

        Raises:
            Unavailable: Redis does not answer.
        """
        mute = [ear for ear in self._ears if ear.is_mute()]
        self._ears = [ear for ear in self._ears if ear not in mute]
        for ear in mute:
            ear.close()
        for ear in self._ears:
            ear.ask()
        hears = self._awaited.union(*(ear.channels for ear in self._ears))
        missing = [channel for channel in self._channels if channel not in hears]
        if missing:
            await self._connect(missing)

    def close(self) -> None:
        """Hear nothing any more."""
        ears, self._ears = self._ears, []
        for ear in ears:
            ear.close()

    async def _connect(self, channels: Sequence[str]) -> None:
        self._awaited.update(channels)
        at: dict[Place, list[str]] = {}
        try:
            async with asyncio.timeout(TIMEOUT_S):
                at = await self._places(channels)
        except TimeoutError as error:
            raise Unavailable("nobody says where to listen") from error
        finally:
            if not at:
                self._awaited.difference_update(channels)
        opened = [self._listen(place, mine) for place, mine in at.items()]
        outcomes = await asyncio.gather(*opened, return_exceptions=True)
        for outcome in outcomes:
            if outcome is not None:
                raise outcome

    async def _places(self, channels: Sequence[str]) -> dict[Place, list[str]]:
        """Where to listen to what.

        Raises:
            Unavailable: nobody knows.
        """
        address = self._address
        if address.kind is not Kind.CLUSTER:
            return {await find_only(address): list(channels)}
        shards = await find_shards(address, {*address.places, *self._known})
        self._known = {place for shard in shards for place in shard.places}
        at: dict[Place, list[str]] = {}
        for channel in channels:
            slot = key_slot(channel.encode())
            for shard in shards:
                if shard.first <= slot <= shard.last:
                    at.setdefault(shard.places[0], []).append(channel)
        if sum(map(len, at.values())) < len(channels):
            raise Unavailable("no node of the cluster holds the slot")
        return at

    async def _listen(self, place: Place, channels: Sequence[str]) -> None:
        """Have one more ear.

        Raises:
            Unavailable: nobody answers there, or whoever does has not these channels.
        """
        subscribe = [("SSUBSCRIBE", channel) for channel in channels]
        ear: _Ear | None = None
        try:
            async with asyncio.timeout(TIMEOUT_S):
                ear = await self._address.connect(place, lambda: _Ear(channels, self._heard))
                ear.say([*self._address.greeting(), *subscribe])
                await ear.hears
            self._ears.append(ear)
        except (OSError, TimeoutError) as error:
            raise Unavailable(str(error) or type(error).__name__) from error
        finally:
            self._awaited.difference_update(channels)
            if ear is not None and ear not in self._ears:
                ear.close()
        self._began(channels)


class _Ear(asyncio.Protocol):
    """One connection; `hears` is done when it is subscribed to all its channels."""

    def __init__(self, channels: Sequence[str], heard: Callable[[bytes], None]) -> None:
        self.channels: Final = channels
        self.hears: Final = asyncio.get_running_loop().create_future()
        self._missing = len(channels)
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
        elif isinstance(reply, list) and reply[0] in _NOT_HERE:
            # A channel has moved with its slot; or whom the sentinels named is a replica.
            self._fail(ConnectionError("it is elsewhere"))

    def _fail(self, error: ConnectionError) -> None:
        self._gone = True
        if not self.hears.done():
            self.hears.set_exception(error)
            self.hears.exception()  # who waited may have gone
