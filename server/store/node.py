"""One node of Redis: commands of many callers travel to it together on one connection.

Whatever is sent in one turn of the event loop, or while a batch is on its way, goes
out as the next batch: a busy process makes few round trips and an idle one waits for
nobody. No command is repeated here that may have been carried out.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from redis.exceptions import ResponseError

from server.store.address import Address, Place
from server.store.resp import Call, Connection, Reply, Unavailable

TIMEOUT_S: Final = 2.0
"""A Redis that takes longer for one batch counts as gone."""
MAX_BATCH: Final = 256


class Node:
    """One node; the connection is made when it is needed, to wherever `find` says.

    `turned_away` gets the calls that it cannot serve (see `Connection`); `failed` hears
    that it could not be reached any more. `scripts` are loaded where they are unknown.
    """

    def __init__(
        self,
        address: Address,
        find: Callable[[], Awaitable[Place]],
        scripts: Mapping[str, str],
        turned_away: Callable[[Call, str], None],
        failed: Callable[[], None],
    ) -> None:
        self._address: Final = address
        self._find: Final = find
        self._scripts: Final = scripts
        self._turned_away: Final = turned_away
        self._failed: Final = failed
        self._loop: Final = asyncio.get_running_loop()
        self._waiting: deque[Call] = deque()
        self._connection: Connection | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._late: asyncio.TimerHandle | None = None
        self._flushing = False
        self._closed = False
        self._unfit = False

    @property
    def idle(self) -> bool:
        """Whether nobody waits for it."""
        on_its_way = self._connection is not None and self._connection.busy
        return not (self._waiting or self._connecting or on_its_way)

    def send(self, call: Call) -> None:
        """Send a call with the next batch."""
        if call.asking:
            self._waiting.append(self._call("ASKING"))
        self._waiting.append(call)
        self._flush_soon()

    def leave(self) -> None:
        """Let go of the connection after its batch: this node is not the one to ask any more."""
        self._unfit = True

    def give_back(self) -> list[Call]:
        """Take back the calls that have not been sent."""
        waiting, self._waiting = self._waiting, deque()
        return [*waiting]

    def let_go(self) -> None:
        """Let go of an idle node for good."""
        self._closed = True
        self._drop("closed")

    async def close(self) -> None:
        """Let go of the connection; callers who still wait get `Unavailable`."""
        self._closed = True
        if self._connecting is not None:
            self._connecting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._connecting
        self._drop("closed")
        self._fail_waiting("closed")

    def _call(self, *command: str) -> Call:
        """A call of our own, whose reply nobody awaits."""
        return Call(command, self._loop.create_future())

    def _flush_soon(self) -> None:
        if not self._flushing:
            self._flushing = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        """Send what waits, unless a batch is on its way already."""
        self._flushing = False
        if not self._waiting or self._connecting is not None:
            return
        if self._closed:
            self._fail_waiting("closed")
        elif self._connection is None:
            self._connecting = self._loop.create_task(self._connect(), name="redis-link")
        elif not self._connection.busy:
            size = min(len(self._waiting), MAX_BATCH)
            batch = [self._waiting.popleft() for _ in range(size)]
            self._late = self._loop.call_later(TIMEOUT_S, self._give_up)
            self._connection.send(batch)

    def _answered(self, unknown: list[Call]) -> None:
        """A batch is done; what Redis had forgotten goes first in the next one."""
        self._no_longer_late()
        if unknown:
            # After a restart or a failover Redis knows no script.
            for call in reversed(unknown):
                self._waiting.appendleft(call)
                if call.asking:
                    self._waiting.appendleft(self._call("ASKING"))
            for source in self._scripts.values():
                self._waiting.appendleft(self._call("SCRIPT", "LOAD", source))
        if self._unfit:
            self._drop("it is not the one to ask any more")
        if self._waiting:
            self._flush_soon()

    async def _connect(self) -> None:
        """Connect and sign in; or fail whoever waits."""
        connection: Connection | None = None
        why = "not connected"
        try:
            async with asyncio.timeout(TIMEOUT_S):
                place = await self._find()
                connection = await self._address.connect(
                    place, lambda: Connection(self._answered, self._lost, self._turned_away)
                )
                await greet(connection, self._address.greeting())
            self._connection = connection
        except (OSError, TimeoutError, ResponseError, Unavailable) as error:
            why = str(error) or type(error).__name__
        finally:
            self._connecting = None
            if self._connection is None:
                if connection is not None:
                    connection.end("not signed in")
                self._fail_waiting(why)
                self._failed()
        self._flush_soon()

    def _give_up(self) -> None:
        """A batch is late: who waits behind it need not wait as long again to hear the same."""
        self._fail_waiting("Redis does not answer")
        self._lost("Redis does not answer")

    def _lost(self, why: str) -> None:
        """The connection has ended, or goes on too long without an answer."""
        self._drop(why)
        self._failed()

    def _drop(self, why: str) -> None:
        """Let the connection go; the next call makes another."""
        self._unfit = False
        self._no_longer_late()
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.end(why)
        if self._waiting and not self._closed:
            self._flush_soon()

    def _no_longer_late(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _fail_waiting(self, why: str) -> None:
        waiting, self._waiting = self._waiting, deque()
        for call in waiting:
            call.fail(Unavailable(why))


async def greet(connection: Connection, greeting: list[tuple[str, ...]]) -> None:
    """Say who we are, on a new connection.

    Raises:
        Unavailable: it is a replica, or not ready.
        redis.exceptions.ResponseError: it does not want us.
    """
    for reply in await exchange(connection, greeting):
        if isinstance(reply, list) and reply[0] != b"master":
            raise Unavailable("it is no master")


async def exchange(connection: Connection, commands: list[tuple[str, ...]]) -> list[Reply]:
    """Send some commands on a connection on which nothing is in flight, and wait for them all."""
    loop = asyncio.get_running_loop()
    calls = [Call(command, loop.create_future()) for command in commands]
    if calls:
        connection.send(calls)
    return [await call.future for call in calls]


async def ask(
    address: Address,
    place: Place,
    greeting: list[tuple[str, ...]],
    *command: str,
    within_s: float = TIMEOUT_S,
) -> Reply:
    """Ask one node one thing, on a connection of its own.

    Raises:
        OSError, TimeoutError, Unavailable: it does not answer.
        redis.exceptions.ResponseError: it refuses.
    """
    async with asyncio.timeout(within_s):
        connection = await address.connect(place, lambda: Connection(_nothing, _nothing, refuse))
        try:
            await greet(connection, greeting)
            return (await exchange(connection, [command]))[0]
        finally:
            connection.end("answered")


def refuse(call: Call, error: str) -> None:
    """Tell the caller that Redis cannot serve at the moment."""
    call.fail(Unavailable(error))


def _nothing(_: object) -> None:
    """Whoever waits for a call hears of it from the call."""
