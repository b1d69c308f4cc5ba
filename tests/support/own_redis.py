"""A Redis of a test's own, on an append-only file, that can be killed, stopped and cut off."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from server.store.embedded import _options, _ping, find_server
from tests.support.relay import Relay

LOOKS_EVERY_S: Final = 0.005


class OwnRedis:
    """What the server under test runs on as its outside Redis, reached by a relay."""

    def __init__(self, folder: Path) -> None:
        self._folder: Final = folder
        self._socket: Final = folder / "r.sock"
        self._child: asyncio.subprocess.Process | None = None
        self._relay: Final = Relay(self._socket)

    @property
    def url(self) -> str:
        """Where it is reached, once it has been started."""
        return self._relay.url

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
        if not self._relay.port:
            await self._relay.start()

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
        self._relay.mute()

    def mend(self) -> None:
        """Let new connections through; the old ones have lost bytes."""
        self._relay.mend()

    async def end(self) -> None:
        """End it, and let go of everything."""
        await self._relay.stop()
        if self._child is not None and self._child.returncode is None:
            await self.kill()

    def _signal(self, number: signal.Signals) -> None:
        assert self._child is not None
        os.kill(self._child.pid, number)


@asynccontextmanager
async def own_redis(folder: Path) -> AsyncIterator[OwnRedis]:
    """One that runs; ended with its files left."""
    redis = OwnRedis(folder)
    try:
        await redis.start()
        yield redis
    finally:
        await redis.end()
