"""Turns at one thing, first come first served; a free one is had at once, without waiting."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final


class Turns:
    """A lock that can be had without a task: by `begin`, or by `async with`."""

    def __init__(self) -> None:
        self._waiting: Final[deque[Callable[[], None]]] = deque()
        self._taken = False

    @property
    def taken(self) -> bool:
        """Whether anybody has a turn or waits for one."""
        return self._taken

    def begin(self, had: Callable[[], None]) -> None:
        """Call `had` with the turn: now if it is free, else after all who came before.

        It must not raise, and must see to it that the turn will `end`.
        """
        if self._taken:
            self._waiting.append(had)
        else:
            self._taken = True
            had()

    def end(self) -> None:
        """Hand the turn to whoever has waited longest."""
        if self._waiting:
            self._waiting.popleft()()
        else:
            self._taken = False

    async def __aenter__(self) -> None:
        """Have the turn, and wait for it where it is not free."""
        if not self._taken:
            self._taken = True
            return
        waiter = asyncio.get_running_loop().create_future()

        def had() -> None:
            if waiter.done():
                self.end()  # he has gone
            else:
                waiter.set_result(None)

        self._waiting.append(had)
        try:
            await waiter
        except asyncio.CancelledError:
            if not waiter.cancelled():  # it was handed over in the same moment
                self.end()
            raise

    async def __aexit__(self, *_: object) -> None:
        """Hand it on."""
        self.end()
