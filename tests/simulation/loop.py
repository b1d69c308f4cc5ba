"""An event loop whose clock stands still while anything is ready, then leaps to the next timer."""

import asyncio
import selectors


class Standstill(Exception):  # noqa: N818 - a state of the world
    """Nothing is ready and nothing is due: what is waited for cannot come."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop on which a minute passes as fast as what happens in it can be carried out."""

    def __init__(self) -> None:
        self._now = 0.0
        super().__init__(_Leaping(self))

    def time(self) -> float:
        """Seconds since the loop began."""
        return self._now

    def leap(self, seconds: float | None) -> None:
        """Let time pass."""
        if seconds is None:
            raise Standstill
        self._now += max(0.0, seconds)


class _Leaping(selectors.SelectSelector):
    """Waits for nothing: no real socket is read on this loop."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self._loop.leap(timeout)
        return []
