"""One connection to Redis on which commands of many callers travel together.

Whatever is called while a batch is on its way goes out as the next one, so a busy
process makes few round trips and an idle one waits for nobody. Nothing is repeated
here: after an error the outcome of a command is unknown, and its caller decides.
"""

import asyncio
import contextlib
import logging
from typing import Any, Final, TypeAlias

import hiredis
from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError, ResponseError

log: Final = logging.getLogger(__name__)

TIMEOUT_S: Final = 2.0
"""A Redis that takes longer for one batch counts as gone."""
MAX_BATCH: Final = 256

Argument: TypeAlias = bytes | str | int | float
Reply: TypeAlias = Any
"""What Redis said; decoded where it was asked for, and nowhere else."""


class Unavailable(Exception):  # noqa: N818 - a state of the world, told to clients
    """Redis did not answer; whether the command was carried out is unknown."""


class Link:
    """A connection owned by one task, which writes a batch and reads its replies."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._waiting: list[tuple[bytes, asyncio.Future[Reply]]] = []
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._connection: AbstractConnection | None = None
        self._scripts: dict[str, str] = {}

    async def open(self) -> None:
        """Start the task and say PING.

        Raises:
            Unavailable: nobody answers at the URL.
        """
        self._loop = asyncio.get_running_loop()
        self._task = self._loop.create_task(self._run(), name="redis-link")
        await self.call("PING")

    async def close(self) -> None:
        """Stop the task; callers who still wait get `Unavailable`."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._drop()
        self._fail(self._take_all(), Unavailable("closed"))

    def call(self, *command: Argument) -> asyncio.Future[Reply]:
        """Send a command with the next batch; the future gives its reply.

        A future, not a coroutine: two calls made before either is awaited travel
        together.

        Raises (on await):
            Unavailable: the outcome is unknown.
            redis.exceptions.ResponseError: Redis refused the command: a bug of ours.
        """
        future: asyncio.Future[Reply] = self._loop.create_future()
        self._waiting.append((_pack(command), future))
        self._wake.set()
        return future

    def remember(self, digest: str, source: str) -> None:
        """Know the source of a script, to load it wherever Redis lacks it."""
        self._scripts[digest] = source

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
                try:
                    async with asyncio.timeout(TIMEOUT_S):
                        await self._exchange(batch)
                except (RedisError, OSError, TimeoutError) as error:
                    await self._drop()
                    self._fail(batch, Unavailable(str(error) or type(error).__name__))
                except asyncio.CancelledError:
                    self._fail(batch, Unavailable("closed"))
                    raise

    async def _exchange(self, batch: list[tuple[bytes, asyncio.Future[Reply]]]) -> None:
        connection = await self._connected()
        await connection.send_packed_command([packed for packed, _ in batch], check_health=False)
        again = []
        for packed, future in batch:
            try:
                reply = await connection.read_response()
            except NoScriptError:
                again.append((packed, future))
            except ResponseError as error:
                if not future.cancelled():
                    future.set_exception(error)
            else:
                if not future.cancelled():
                    future.set_result(reply)
        if again:
            await self._load_scripts(connection)
            await self._exchange(again)

    async def _load_scripts(self, connection: AbstractConnection) -> None:
        """After a restart or a failover Redis has forgotten every script."""
        for source in self._scripts.values():
            await connection.send_command("SCRIPT", "LOAD", source)
            await connection.read_response()

    async def _connected(self) -> AbstractConnection:
        if self._connection is None:
            pool = ConnectionPool.from_url(
                self._url, retry=Retry(NoBackoff(), 0), socket_timeout=None
            )
            connection = pool.connection_class(**pool.connection_kwargs)
            await connection.connect()  # type: ignore[no-untyped-call] # theirs
            self._connection = connection
        return self._connection

    async def _drop(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with contextlib.suppress(RedisError, OSError):
                await connection.disconnect(nowait=True)

    def _take_all(self) -> list[tuple[bytes, asyncio.Future[Reply]]]:
        waiting, self._waiting = self._waiting, []
        return waiting

    @staticmethod
    def _fail(batch: list[tuple[bytes, asyncio.Future[Reply]]], error: Unavailable) -> None:
        for _, future in batch:
            if not future.done():
                future.set_exception(error)
                future.exception()  # a caller that has gone need not hear of it


def _pack(command: tuple[Argument, ...]) -> bytes:
    # hiredis types its argument as a tuple of one; it takes any number.
    packed: bytes = hiredis.pack_command(command)  # type: ignore[arg-type]
    return packed


def scored(raw: Reply) -> list[tuple[bytes, int]]:
    """Members with whole scores, however Redis speaks: in pairs (RESP3) or flat (RESP2)."""
    pairs = raw if raw and isinstance(raw[0], list) else zip(raw[::2], raw[1::2], strict=True)
    return [(member, int(float(score))) for member, score in pairs]
