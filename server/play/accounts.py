"""Accounts: what a player decides about his own name, and who may challenge him."""

from typing import Final

from server.core.ids import PlayerId
from server.store.mutes import Mutes


class Accounts:
    """The accounts of this installation, as one process works on them."""

    def __init__(self, mutes: Mutes) -> None:
        self._mutes: Final = mutes

    async def takes_challenges(self, of: PlayerId, from_: PlayerId) -> bool:
        """Whether `of` may be challenged by `from_`: neither switched off nor muted."""
        return await self._mutes.takes(of, from_)
