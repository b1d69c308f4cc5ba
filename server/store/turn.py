"""A turn: what one process of all does at a time, for as long as it says that it is there."""

from typing import Final

from server.core.ids import ProcessId
from server.store.link import Link
from server.store.scripts import Script

TURN_MS: Final = 3_000
"""A holder that was not heard of for so long has lost it."""


class Turn:
    """One process's way to a turn, by its key.

    A holder that is late may go on for a moment beside its successor.
    """

    def __init__(self, link: Link, key: str, process: ProcessId) -> None:
        self._hold: Final = Script(link, "hold_turn")
        self._swap: Final = Script(link, "swap")
        self._key: Final = key
        self._process: Final = process

    async def hold(self) -> bool:
        """Take it if it is nobody's, or go on with it; whether it is this process's now.

        Raises:
            Unavailable: it is not known.
        """
        return bool(await self._hold([self._key], self._process, TURN_MS))

    async def give_up(self) -> None:
        """Leave it to another; nothing happens where it is not held.

        Raises:
            Unavailable: it runs out.
        """
        await self._swap([self._key], self._process, "")
