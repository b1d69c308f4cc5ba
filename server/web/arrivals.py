"""Who comes takes turns: a bounded number at work, first come first served."""

import asyncio
import contextlib
import resource
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from server.store.link import Unavailable

AT_WORK: Final = 16
"""So many are welcomed at a time, and so many let into matches: a few round trips to Redis each."""
PATIENCE_S: Final = 4.0
"""A handshake waits so long for its turn; a page gives it up after five seconds."""


def allow_many_sockets() -> None:
    """Have this process hold as many sockets as the system lets it: 1024 is its usual beginning."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):  # as before, where the system has other ideas
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Arrivals:
    """The turns of one process. Whoever waits costs a request and nothing at Redis.

    `reachable` says whether Redis answers: while it does not, nobody's turn comes.
    """

    def __init__(self, reachable: Callable[[], bool]) -> None:
        self._reachable: Final = reachable
        self._changed = asyncio.Event()
        self._welcomes: Final = asyncio.Semaphore(AT_WORK)
        self._entries: Final = asyncio.Semaphore(AT_WORK)
        self.waiting = 0

    def look_again(self) -> None:
        """Redis went away or came back."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    @asynccontextmanager
    async def welcome(self) -> AsyncIterator[None]:
        """Wait for the turn to be welcomed, and take it.

        Raises:
            Unavailable: it did not come; nothing was asked of Redis.
        """
        self.waiting += 1
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not self._reachable():
                    await self._changed.wait()
                await self._welcomes.acquire()
        except TimeoutError as error:
            raise Unavailable("too many come at once, or Redis does not answer") from error
        finally:
            self.waiting -= 1
        try:
            yield
        finally:
            self._welcomes.release()

    @asynccontextmanager
    async def entry(self) -> AsyncIterator[None]:
        """Wait for the turn to enter a match, and take it."""
        async with self._entries:
            yield
