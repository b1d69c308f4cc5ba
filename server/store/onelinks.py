"""One-time links, by which a player signs in on another device: one a player, ten minutes, once."""

import hashlib
import secrets
from enum import StrEnum
from typing import Final

from msgspec import Struct

from server.core.ids import PlayerId
from server.store import keys
from server.store.link import Link
from server.store.scripts import Script

LIFE_MS: Final = 10 * 60 * 1000
SECRET_BYTES: Final = 16


class LinkState(StrEnum):
    """What has become of a link."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class OneLink(Struct, frozen=True):
    """A link as it stands; of an unknown one nothing more is known."""

    state: LinkState
    player: PlayerId | None = None
    left_ms: int = 0


class OneLinks:
    """The links of every player. A token is the player and a secret, of which a hash is stored."""

    def __init__(self, link: Link) -> None:
        self._link: Final = link
        self._make: Final = Script(link, "make_link")
        self._take: Final = Script(link, "take_link")

    async def make(self, player: PlayerId) -> str:
        """A new link in place of the last one; its token."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        await self._make([keys.one_link(player)], _hash(secret), LIFE_MS, keys.ONE_LINK_MS)
        return f"{player}.{secret}"

    async def look(self, token: str) -> OneLink:
        """How a link stands; looking does not use it up."""
        return await self._ask(token, take=False)

    async def take(self, token: str) -> OneLink:
        """Use a link up; open for one caller only, however many come at once."""
        return await self._ask(token, take=True)

    async def forget(self, player: PlayerId) -> None:
        """Make the last link of a player an unknown one."""
        await self._link.call("DEL", keys.one_link(player))

    async def _ask(self, token: str, *, take: bool) -> OneLink:
        player, _, secret = token.partition(".")
        key = keys.one_link(PlayerId(player))
        state, left_ms = await self._take([key], _hash(secret), int(take))
        found = LinkState(state.decode())
        known = None if found is LinkState.UNKNOWN else PlayerId(player)
        return OneLink(found, known, int(left_ms))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
