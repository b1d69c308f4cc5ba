"""The way to Redis: commands of many callers travel together on one connection.

Whatever is called in one turn of the event loop, or while a batch is on its way, goes
out as the next batch: a busy process makes few round trips and an idle one waits for
nobody. No command is repeated here: after an error its outcome is unknown, and its
caller decides.
"""

import asyncio
import contextlib
from collections import deque
from typing import Final

from redis.exceptions import ResponseError

from server.store.address import Address
from server.store.resp import Argument, Call, Connection, Reply, Unavailable

__all__ = ["Argument", "Link", "Reply", "Unavailable", "scored", "time_ms"]

TIMEOUT_S: Final = 2.0
"""A Redis that takes longer for one batch counts as gone."""
MAX_BATCH: Final = 256


class Link:
    """One Redis; the connection is made when it is needed."""

    def __init__(self, url: str) -> None:
        self._url: Final = url
        self._waiting: deque[Call] = deque()
        self._scripts: Final[dict[str, str]] = {}
        self._connection: Connection | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._late: asyncio.TimerHandle | None = None
        self._flushing = False
        self._closed = False

    async def open(self) -> None:
        """Connect, and say PING.

        Raises:
            Unavailable: nobody answers at the URL.
        """
        self._loop = asyncio.get_running_loop()
        await self.call("PING")

    async def close(self) -> None:
        """Let go of the connection; callers who still wait get `Unavailable`."""
        self._closed = True
        if self._connecting is not None:
            self._connecting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._connecting
        self._drop("closed")
        self._fail_waiting("closed")

    def call(self, *command: Argument) -> asyncio.Future[Reply]:
        """Send a command with the next batch; the future gives its reply.

        A future, not a coroutine: two calls made before either is awaited travel
        together.

        Raises (on await):
            Unavailable: the outcome is unknown.
            redis.exceptions.ResponseError: Redis refused the command: a bug of ours.
        """
        call = Call(command, self._loop.create_future())
        self._waiting.append(call)
        self._flush_soon()
        return call.future

    def remember(self, digest: str, source: str) -> None:
        """Know the source of a script, to load it wherever Redis lacks it."""
        self._scripts[digest] = source

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
            self._late = self._loop.call_later(TIMEOUT_S, self._drop, "Redis does not answer")
            self._connection.send(batch)

    def _answered(self, unknown: list[Call]) -> None:
        """A batch is done; what Redis had forgotten goes first in the next one."""
        self._no_longer_late()
        if unknown:
            # After a restart or a failover Redis knows no script.
            self._waiting.extendleft(reversed(unknown))
            for source in self._scripts.values():
                load = Call(("SCRIPT", "LOAD", source), self._loop.create_future())
                self._waiting.appendleft(load)
        if self._waiting:
            self._flush_soon()

    async def _connect(self) -> None:
        """Connect and sign in; or fail whoever waits."""
        connection: Connection | None = None
        try:
            async with asyncio.timeout(TIMEOUT_S):
                address = Address(self._url)
                connection = await address.connect(lambda: Connection(self._answered, self._drop))
                greeting = [Call(c, self._loop.create_future()) for c in address.greeting()]
                if greeting:
                    connection.send(greeting)
                for call in greeting:
                    await call.future
            self._connection = connection
        except (OSError, TimeoutError, ResponseError, Unavailable) as error:
            self._fail_waiting(str(error) or type(error).__name__)
        finally:
            self._connecting = None
            if connection is not None and connection is not self._connection:
                connection.end("not signed in")
        self._flush_soon()

    def _drop(self, why: str) -> None:
        """Let the connection go; the next call makes another."""
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


def scored(raw: Reply) -> list[tuple[bytes, int]]:
    """Members with whole scores, of a flat reply of both."""
    return [(member, int(float(score))) for member, score in zip(raw[::2], raw[1::2], strict=True)]


def time_ms(reply: Reply) -> int:
    """The reply to TIME as milliseconds since 1970: the clock by which settlements are dated."""
    seconds, micros = reply
    return int(seconds) * 1000 + int(micros) // 1000
