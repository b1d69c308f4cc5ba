"""Who comes waits for a place: a bounded number at work, first come first served."""

import asyncio
import contextlib
import resource
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from server.store.link import Unavailable

AT_WORK: Final = 16
"""So many are welcomed at a time, and so many let into matches: a few round trips to Redis each."""
PATIENCE_S: Final = 4.0
"""A handshake waits so long for a place; a page gives it up after five seconds."""
HOLD_S: Final = 0.5
"""A place is held so long at most: whoever waits for a master that is silent holds up nobody."""


def allow_many_sockets() -> None:
    """Have this process hold as many sockets as the system lets it: 1024 is its usual beginning."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):  # as before, where the system has other ideas
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Arrivals:
    """The places of one process. Whoever waits for one costs a request and nothing at Redis.

    `reachable` says whether Redis answers: while it does not, nobody is given a place.
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
        """Wait for a place to be welcomed, and hold it for half a second at most.

        Raises:
            Unavailable: there was none; nothing was asked of Redis.
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
        with _held(self._welcomes):
            yield

    @asynccontextmanager
    async def entry(self) -> AsyncIterator[None]:
        """Wait for a place to enter a match, and hold it for half a second at most."""
        await self._entries.acquire()
        with _held(self._entries):
            yield


@contextmanager
def _held(places: asyncio.Semaphore) -> Iterator[None]:
    """Give a place back at the end, or when it was held for long enough."""
    with contextlib.ExitStack() as place:
        place.callback(places.release)
        place.callback(asyncio.get_running_loop().call_later(HOLD_S, place.close).cancel)
        yield
