"""One connection that speaks Redis's protocol: commands out in a batch, replies in order.

hiredis packs and parses; a client library's own coroutine for each command would cost
several times what the command does.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

import hiredis
from redis.exceptions import ResponseError

NO_SCRIPT: Final = "NOSCRIPT"
NOT_NOW: Final = frozenset(
    {
        "LOADING",
        "MASTERDOWN",
        "READONLY",
        "MISCONF",
        "NOREPLICAS",
        "OOM",
        "BUSY",
        "CLUSTERDOWN",
    }
)
"""Errors of a Redis that is not able to serve at the moment: nothing was carried out."""
ELSEWHERE: Final = frozenset({"MOVED", "ASK", "TRYAGAIN"})
"""Errors of a node of a cluster that does not have all the keys: nothing was carried out."""

Argument: TypeAlias = bytes | str | int | float
Reply: TypeAlias = Any
"""What Redis said; decoded where it was asked for, and nowhere else."""


class Unavailable(Exception):  # noqa: N818 - a state of the world, told to clients
    """Redis did not answer; whether the command was carried out is unknown."""


class Call:
    """One command: its bytes, the future of its reply, and in a cluster the slot of its key."""

    __slots__ = ("asking", "future", "packed", "slot", "turns")

    def __init__(self, command: tuple[Argument, ...], future: asyncio.Future[Reply]) -> None:
        self.packed: Final[bytes] = hiredis.pack_command(
            command  # type: ignore[arg-type] # typed as a tuple of one; it takes any number
        )
        self.future: Final = future
        self.slot = -1
        self.asking = False  # whether it goes where its slot is on the way to
        self.turns = 0  # how often a node of a cluster has turned it away

    def succeed(self, reply: Reply) -> None:
        """Give the caller its reply, unless it has gone."""
        if not self.future.done():
            self.future.set_result(reply)

    def fail(self, error: Exception) -> None:
        """Tell the caller, unless it has gone."""
        if not self.future.done():
            self.future.set_exception(error)
            self.future.exception()  # a caller that goes now need not hear of it


class Connection(asyncio.Protocol):
    """A connection with one batch in flight.

    `answered` is called when every call of the batch has its reply, with those calls
    whose script Redis does not know, which were not carried out; `lost` when the
    connection has ended by itself, with why. `turned_away` gets each call that was not
    carried out for another reason, with the error: `NOT_NOW` or `ELSEWHERE`.
    """

    def __init__(
        self,
        answered: Callable[[list[Call]], None],
        lost: Callable[[str], None],
        turned_away: Callable[[Call, str], None],
    ) -> None:
        self._answered: Final = answered
        self._lost: Final = lost
        self._turned_away: Final = turned_away
        self._reader: Final = hiredis.Reader()
        self._in_flight: Final[deque[Call]] = deque()
        self._unknown: list[Call] = []
        self._transport: Any = None  # uvloop's are no subclasses of asyncio's
        self._ended = False

    @property
    def busy(self) -> bool:
        """Whether a batch is in flight."""
        return bool(self._in_flight)

    def send(self, batch: Sequence[Call]) -> None:
        """Send a batch; none may be in flight."""
        self._in_flight.extend(batch)
        self._transport.write(b"".join([call.packed for call in batch]))

    def end(self, why: str) -> None:
        """Close at once: what is in flight has an unknown outcome."""
        self._ended = True
        if self._transport is not None:
            self._transport.abort()
        while self._in_flight:
            self._in_flight.popleft().fail(Unavailable(why))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The event loop has connected."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Give each reply to its call."""
        self._reader.feed(data)
        while self._in_flight:
            try:
                reply = self._reader.gets()
            except hiredis.ProtocolError as error:
                self._fall(str(error))
                return
            if reply is False:  # nothing whole yet; no reply of this protocol is False
                return
            self._give(self._in_flight.popleft(), reply)
        unknown, self._unknown = self._unknown, []
        self._answered(unknown)

    def connection_lost(self, exc: Exception | None) -> None:
        """The other side, or the network, has ended it; or we have."""
        if not self._ended:
            self._fall(str(exc) if exc else "the connection was closed")

    def _fall(self, why: str) -> None:
        self.end(why)
        self._lost(why)

    def _give(self, call: Call, reply: Reply) -> None:
        if not isinstance(reply, hiredis.ReplyError):
            call.succeed(reply)
            return
        kind = str(reply).partition(" ")[0]
        if kind == NO_SCRIPT:
            self._unknown.append(call)
        elif kind in NOT_NOW or kind in ELSEWHERE:
            self._turned_away(call, str(reply))
        else:
            call.fail(ResponseError(str(reply)))
