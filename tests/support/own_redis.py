"""A Redis of a test's own, on an append-only file, that can be killed, stopped and cut off."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from server.store.embedded import _options, _ping, find_server

LOOKS_EVERY_S: Final = 0.005
CHUNK: Final = 65_536


class OwnRedis:
    """`url` goes through a proxy; what the server under test runs on as its outside Redis."""

    def __init__(self, folder: Path) -> None:
        self._folder: Final = folder
        self._socket: Final = folder / "r.sock"
        self._child: asyncio.subprocess.Process | None = None
        self._proxy: asyncio.Server | None = None
        self._passing: Final[set[asyncio.Task[None]]] = set()
        self._cut = False
        self.url = ""

    async def start(self) -> None:
        """Start it, on the files that it has, and wait until it answers."""
        self._child = await asyncio.create_subprocess_exec(
            await find_server(),
            *_options(self._socket),
            cwd=self._folder,
            stdout=asyncio.subprocess.DEVNULL,
        )
        while await _ping(self._socket) != b"+PONG\r\n":  # noqa: ASYNC110 - another process
            await asyncio.sleep(LOOKS_EVERY_S)
        if self._proxy is None:
            self._proxy = await asyncio.start_server(self._pass, "127.0.0.1", 0)
            self.url = f"redis://127.0.0.1:{self._proxy.sockets[0].getsockname()[1]}"

    async def kill(self) -> None:
        """As `kill -9` does."""
        assert self._child is not None
        self._child.kill()
        await self._child.wait()

    def stop(self) -> None:
        """SIGSTOP: connections are taken, and nothing answers."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Carry on after `stop`."""
        self._signal(signal.SIGCONT)

    def cut(self) -> None:
        """A black hole: what is sent from now on, either way, is lost."""
        self._cut = True

    def mend(self) -> None:
        """Let new connections through; the old ones have lost bytes."""
        self._cut = False

    async def end(self) -> None:
        """End it, and let go of everything."""
        if self._proxy is not None:
            self._proxy.close()
        for task in self._passing:
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)
        if self._child is not None and self._child.returncode is None:
            await self.kill()

    def _signal(self, number: signal.Signals) -> None:
        assert self._child is not None
        os.kill(self._child.pid, number)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._passing.add(task)
        task.add_done_callback(self._passing.discard)
        try:
            with contextlib.suppress(OSError, asyncio.CancelledError):
                to_reader, to_writer = await asyncio.open_unix_connection(self._socket)
                try:
                    one = asyncio.ensure_future(self._carry(reader, to_writer))
                    two = asyncio.ensure_future(self._carry(to_reader, writer))
                    await asyncio.wait({one, two}, return_when=asyncio.FIRST_COMPLETED)
                    one.cancel()
                    two.cancel()
                finally:
                    to_writer.close()
        finally:
            writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lost = False
        with contextlib.suppress(OSError):
            while some := await reader.read(CHUNK):
                lost = lost or self._cut
                if not lost:
                    writer.write(some)
                    await writer.drain()


@asynccontextmanager
async def own_redis(folder: Path) -> AsyncIterator[OwnRedis]:
    """One that runs; ended with its files left."""
    redis = OwnRedis(folder)
    try:
        await redis.start()
        yield redis
    finally:
        await redis.end()
