"""A crowd of pages, as a process of its own: they come back as `static/wire/socket.js` does.

Takes the port and how many sockets, and tokens on a line of standard input. Prints a line of
JSON whenever all have been welcomed, until its standard input ends.
"""

import asyncio
import json
import random
import sys
import time
from typing import Final

import msgpack
import uvloop

from scripts.benching.wire import Wire
from server.web.arrivals import allow_many_sockets
from server.wire.codec import SubProtocol

FIRST_S: Final = 0.5
LONGEST_S: Final = 5.0
CONNECT_S: Final = 5.0


class Crowd:
    """All the pages; what is counted since they were last all there."""

    def __init__(self, port: int, tokens: list[str], size: int) -> None:
        self.port: Final = port
        self.pages: Final = [Page(self, tokens[n % len(tokens)]) for n in range(size)]
        self.over = False
        self.begin()

    def begin(self) -> None:
        """Count anew."""
        self.lost_at = 0.0
        self.tries = 0
        self.turned_away = 0
        self.refused = 0
        self.waits_ms: list[float] = []

    def lost(self) -> None:
        """One has no connection."""
        if not self.lost_at:
            self.lost_at = time.perf_counter()

    def welcomed(self) -> None:
        """One is there again; perhaps it was the last."""
        self.waits_ms.append((time.perf_counter() - self.lost_at) * 1000)
        if all(page.is_there for page in self.pages):
            self.waits_ms.sort()
            told = {
                "welcomes": len(self.waits_ms),
                "tries": self.tries,
                "turned_away": self.turned_away,
                "refused": self.refused,
                "half_ms": round(self.waits_ms[len(self.waits_ms) // 2]),
                "all_ms": round(self.waits_ms[-1]),
            }
            print(json.dumps(told), flush=True)  # noqa: T201 - what it is for
            self.begin()


class Page:
    """One page: a connection, and another one whenever it is lost."""

    def __init__(self, crowd: Crowd, token: str) -> None:
        self.crowd: Final = crowd
        self.token: Final = token
        self.is_there = False
        self.tries = 0
        self._wire: Visit | None = None
        self._coming: asyncio.Task[None] | None = None

    def come(self) -> None:
        """Try to connect."""
        self._coming = asyncio.create_task(self._come())

    async def _come(self) -> None:
        self.crowd.tries += 1
        wire = self._wire = Visit(self)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECT_S):
                await loop.create_connection(lambda: wire, "127.0.0.1", self.crowd.port)
                await wire.up.wait()
        except (OSError, TimeoutError):
            wire.abort()
            self.gone(wire)

    def welcomed(self) -> None:
        """The server has spoken."""
        self.tries = 0
        self.is_there = True
        self.crowd.welcomed()

    def gone(self, wire: "Visit") -> None:
        """The connection is lost, or never was."""
        if wire is not self._wire or self.crowd.over:
            return
        self._wire, self.is_there = None, False
        self.crowd.lost()
        longest_s = min(LONGEST_S, FIRST_S * 2**self.tries)
        self.tries += 1
        wait_s = random.uniform(0, longest_s)  # noqa: S311 - it only spreads load
        asyncio.get_running_loop().call_later(wait_s, self.come)


class Visit(Wire):
    """One connection of a page."""

    def __init__(self, page: Page) -> None:
        super().__init__("/ws", page.token, SubProtocol.MSGPACK)
        self.up: Final = asyncio.Event()
        self._page: Final = page

    def abort(self) -> None:
        """Give it up."""
        if self._transport is not None:
            self._transport.abort()

    def opened(self) -> None:
        self.up.set()

    def data_received(self, data: bytes) -> None:
        try:
            super().data_received(data)
        except ConnectionError:
            self._page.crowd.turned_away += 1
            self.abort()

    def took(self, payload: bytes, at: float) -> None:
        del at
        match msgpack.unpackb(payload)["type"]:
            case "welcome":
                self._page.welcomed()
            case "refused":
                self._page.crowd.refused += 1
            case _:
                pass

    def ended(self, *, as_agreed: bool) -> None:
        del as_agreed
        self.up.set()
        self._page.gone(self)


async def run(port: int, size: int) -> None:
    """Come, and come again, until standard input ends."""
    loop = asyncio.get_running_loop()
    tokens = json.loads(await loop.run_in_executor(None, sys.stdin.readline))
    crowd = Crowd(port, tokens, size)
    crowd.lost()
    for page in crowd.pages:
        page.come()
    await loop.run_in_executor(None, sys.stdin.read)
    crowd.over = True


if __name__ == "__main__":
    allow_many_sockets()
    uvloop.run(run(int(sys.argv[1]), int(sys.argv[2])))
