"""The practice opponents of an installation: they play at one of its processes at a time."""

import contextlib
from typing import Final

from server.play.timers import Timers
from server.practice.client import PracticeClients
from server.store.link import Unavailable
from server.store.turn import Turn

LOOK_EVERY_MS: Final = 1_000
"""With the life of a turn, a process that dies is followed within four seconds."""


class Practising:
    """This process's part in them; `start` and `stop` in pairs."""

    def __init__(self, turn: Turn, clients: PracticeClients, timers: Timers) -> None:
        self._turn: Final = turn
        self._clients: Final = clients
        self._timers: Final = timers
        self._origin: str | None = None

    def start(self, origin: str) -> None:
        """Begin to look whose turn it is; the server is reached at `origin`."""
        self._origin = origin
        self._timers.every("practice", LOOK_EVERY_MS, self._look)

    async def stop(self) -> None:
        """Stop the opponents, and have another process go on at once."""
        if self._origin is None:
            return
        self._origin = None
        await self._clients.stop()
        with contextlib.suppress(Unavailable):
            await self._turn.give_up()

    async def _look(self) -> None:
        origin = self._origin
        if origin is None:
            return
        try:
            ours = await self._turn.hold()
        except Unavailable:
            return  # they do nothing meanwhile
        if self._origin != origin:
            return  # stopped meanwhile
        if not ours:
            await self._clients.stop()
        elif not self._clients.running:
            self._clients.start(origin)
