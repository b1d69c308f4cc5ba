"""The server processes of a run: each is started again whenever it has ended."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

import aiohttp
from msgspec import Struct

from scripts.chaosing.forks import fork
from scripts.chaosing.proxy import Proxy
from scripts.starting.ports import free_port

POLL_S: Final = 0.05
CALL_S: Final = 1.0
STOP_S: Final = 10.0
"""What a server promises to take at the most, whatever it waits for."""


class Ending(Struct, frozen=True):
    """What became of a server: all that it said, whether it was ready at last, how it ended."""

    words: Sequence[str]
    ready: bool
    exit_code: int | None


class Served:
    """One `deckduel serve`, reached by `front`; the file `words` collects what it says."""

    def __init__(self, link: Proxy, front: Proxy, words: Path, flags: tuple[str, ...]) -> None:
        self.link: Final = link
        self.front: Final = front
        self.words: Final = words
        self.starts = 0
        self._flags: Final = flags
        self._process: ForkServerProcess | None = None
        self.keeping: asyncio.Task[None] | None = None
        """Has one running; ends by itself only when none can be started."""

    def start(self) -> None:
        """Have one running from now on."""
        self.keeping = asyncio.create_task(self._keep())

    def signal(self, number: signal.Signals) -> bool:
        """Send a signal; False where there is no process at the moment."""
        process = self._process
        if process is None or process.pid is None or not process.is_alive():
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, number)
        return True

    async def stop(self) -> int | None:
        """End it in order, and for good, and say how it went; one that does not go is killed."""
        if self.keeping is not None:
            self.keeping.cancel()
            await asyncio.gather(self.keeping, return_exceptions=True)
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_S):
                await self._ended()
        except TimeoutError:
            self.signal(signal.SIGKILL)
            await self._ended()
        return None if self._process is None else self._process.exitcode

    async def _keep(self) -> None:
        while True:
            self.front.target = port = free_port()
            redis = f"redis://127.0.0.1:{self.link.port}"
            own = ("--host", "127.0.0.1", "--port", str(port), "--redis-url", redis)
            self._process = fork((*own, *self._flags), self.words)
            self.starts += 1
            await self._ended()

    async def _ended(self) -> None:
        """Wait until there is no process; one that ends at once is not started at once again."""
        await asyncio.sleep(POLL_S)
        while self._process is not None and self._process.is_alive():  # noqa: ASYNC110
            await asyncio.sleep(POLL_S)

    async def ready(self) -> None:
        """Wait until it says that it is, past its front."""
        timeout = aiohttp.ClientTimeout(total=CALL_S)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
                    url = f"http://127.0.0.1:{self.front.target}/readyz"
                    async with session.get(url) as answer:
                        if answer.ok:
                            return
                await asyncio.sleep(POLL_S)
