"""Servers that can be killed: processes forked from one that has imported everything."""

import asyncio
import os
import signal
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

import aiohttp

from scripts.chaosing.forks import fork, warm_up
from tests.play.duelist import AGAIN_S
from tests.support.player import PATIENCE_S, Map, sign_up

__all__ = ["MortalServer", "until_up", "warm_up"]

FLAGS: Final = {
    "host": "127.0.0.1",
    "rounds": 2,
    "countdown_ms": 0,
    "reveal_ms": 0,
    "ready_ms": 20_000,
    "pair_every_ms": 10,
    "pair_limits": "off",
    "rate_limit": 0,
    "log_level": "warning",
}


class MortalServer:
    """`deckduel serve` on one port and one Redis; the file `words` collects what it says.

    `flags` are set in place of `FLAGS`.
    """

    def __init__(self, port: int, redis_url: str, words: Path, **flags: int | str) -> None:
        given = FLAGS | {"port": port, "redis_url": redis_url} | flags
        self._flags: Final = [
            f"--{name.replace('_', '-')}={value}" for name, value in given.items()
        ]
        self._words: Final = words
        self._process: ForkServerProcess | None = None

    def start(self) -> None:
        """Begin to serve, on the data that an earlier start has left."""
        self._process = fork(self._flags, self._words)

    def kill(self) -> None:
        """SIGKILL: nothing more is done, sent or closed."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None

    def halt(self) -> None:
        """SIGSTOP: it stands still, and its connections stay."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """SIGCONT: it goes on where it stood."""
        self._signal(signal.SIGCONT)

    def _signal(self, which: signal.Signals) -> None:
        assert self._process is not None
        assert self._process.pid is not None
        os.kill(self._process.pid, which)

    def said(self) -> str:
        """Everything it has said, over all its lives."""
        return self._words.read_text()


async def until_up(url: str, name: str) -> Map:
    """Sign a player up as soon as the server answers."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                return await sign_up(url, name)
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(AGAIN_S)
