"""The server processes of a run: each is started again whenever it has ended."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Final

from scripts.chaosing.proxy import Proxy

ROOT: Final = Path(__file__).parents[2]
DECKDUEL: Final = Path(sys.executable).with_name("deckduel")
AGAIN_S: Final = 0.1
STOP_S: Final = 15.0


def environment() -> dict[str, str]:
    """Ours, without settings of a server."""
    inherited = {name: value for name, value in os.environ.items() if "DECKDUEL" not in name}
    return inherited | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}


class Served:
    """One `deckduel serve`, reached by `front`; the file `words` collects what it says."""

    def __init__(self, link: Proxy, front: Proxy, words: Path, flags: tuple[str, ...]) -> None:
        self.link: Final = link
        self.front: Final = front
        self.words: Final = words
        self.starts = 0
        self._flags: Final = flags
        self._process: asyncio.subprocess.Process | None = None
        self._keeping: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Have one running from now on."""
        self._keeping = asyncio.create_task(self._keep())

    def signal(self, number: signal.Signals) -> bool:
        """Send a signal; False where there is no process at the moment."""
        if self._process is None or self._process.returncode is not None:
            return False
        self._process.send_signal(number)
        return True

    async def stop(self) -> None:
        """End it in order, and for good."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        if self._process is None or not self.signal(signal.SIGTERM):
            return
        self.signal(signal.SIGCONT)
        try:
            async with asyncio.timeout(STOP_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def _keep(self) -> None:
        while True:
            self.front.target = port = _free_port()
            address = ["--host", "127.0.0.1", "--port", str(port)]
            redis = ["--redis-url", f"redis://127.0.0.1:{self.link.port}"]
            with self.words.open("ab") as words:
                self._process = await asyncio.create_subprocess_exec(
                    DECKDUEL,
                    *("serve", *address, *redis, *self._flags),
                    env=environment(),
                    stdout=asyncio.subprocess.DEVNULL,
                    stderr=words,
                )
            self.starts += 1
            await self._process.wait()
            await asyncio.sleep(AGAIN_S)

    async def answers(self) -> None:
        """Wait until it listens."""
        while True:
            with contextlib.suppress(OSError):
                assert isinstance(self.front.target, int)
                _, writer = await asyncio.open_connection("127.0.0.1", self.front.target)
                writer.close()
                return
            await asyncio.sleep(AGAIN_S)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
