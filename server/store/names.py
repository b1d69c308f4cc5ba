"""Names: taken, changed and given free; each name has one player, whenever a process dies.

A name is a key with its player. While it is on its way to an account, or away from one, it
stands on a list of names to look at, and whatever a dead process left half done is undone
from there. The same list brings each name up after `FREE_AFTER_MS`, to see whether it is used.
"""

from typing import Final

from msgspec import Struct

from server.core.ids import PlayerId
from server.core.names import RENAME_EVERY_MS, folded, may_rename_at
from server.store import keys
from server.store.link import Link, time_ms
from server.store.scripts import Script

HALF_DONE_MS: Final = 60_000
"""After so long a change of name is done, or its process is dead."""
PUSH_MS: Final = 60_000
"""Whoever takes a name to look at it has so long before another process does."""
_LEAVING: Final = "leaving "


class NameTaken(Exception):  # noqa: N818 - told to the person who chose it
    """Another player has this name."""


class TooSoon(Exception):  # noqa: N818 - told to the player
    """The last change of name was too short a while ago; `at` (ms since 1970) ends that."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class Nameless(Exception):  # noqa: N818 - told to the player
    """The player has no name, or another one, by now."""


class Look(Struct, frozen=True):
    """A name to look at: whose it is, or was, and the score by which it is struck off."""

    player: PlayerId
    name: str
    score: int


class Names:
    """Every name of this installation, as it is compared: folded."""

    def __init__(self, link: Link) -> None:
        self._link: Final = link
        self._swap: Final = Script(link, "swap")
        self._rename: Final = Script(link, "rename")
        self._unname: Final = Script(link, "unname")
        self._take_due: Final = Script(link, "take_due")
        self._drop_due: Final = Script(link, "drop_due")

    async def claim(self, name: str, player: PlayerId, *, again: bool) -> None:
        """Take a name for a minute; `again` where it may be this player's already.

        Raises:
            NameTaken: another player has it.
        """
        key = keys.name(folded(name))
        if not await self._link.call("SET", key, player, "NX", "EX", keys.NAME_CLAIM_S):
            holder = await self._link.call("GET", key)
            if not again or holder != player.encode():
                raise NameTaken(name)

    async def keep(self, name: str, player: PlayerId, look_in_ms: int) -> None:
        """Make a claimed name the player's for ever, and look in a while what became of it.

        It is to come to its account only then, or two could have it after a death in between.
        """
        await self.look_at(player, name, look_in_ms)
        await self._link.call("PERSIST", keys.name(folded(name)))

    async def release(self, name: str, player: PlayerId) -> None:
        """Give a name free, if it is this player's."""
        await self._swap([keys.name(folded(name))], player, "")

    async def confirm(self, name: str, player: PlayerId) -> bool:
        """Hold on to a name that has just come to its account; False where another was quicker.

        A sweep may have taken it for half done and be about to give it free.
        """
        key = keys.name(folded(name))
        done, _ = await self._swap([key], _LEAVING + player, player)
        if not done:
            done, _ = await self._swap([key], "", player)
        return bool(done)

    async def rename(self, player: PlayerId, old: str, new: str) -> None:
        """Give a player, who is called `old`, another name; the old one is free for others.

        Raises:
            NameTaken: another player has it.
            TooSoon: he changed his name a short while ago.
            Nameless: he is not called `old` any more.
        """
        if (at := await self.may_rename_at(player)) is not None:
            raise TooSoon(at)
        same = folded(old) == folded(new)
        if not same:
            await self.claim(new, player, again=True)
            await self.keep(new, player, HALF_DONE_MS)
            await self.look_at(player, old, HALF_DONE_MS)
        account = keys.account(player)
        at = int(await self._rename([account], old, new, RENAME_EVERY_MS))
        if not same:
            if at == 0 and not await self.confirm(new, player):
                await self._link.call("HSET", account, "name", old, "renamed_at", 0)
                raise NameTaken(new)
            await self.release(new if at else old, player)
        if at < 0:
            raise Nameless(player)
        if at > 0:
            raise TooSoon(at)

    async def may_rename_at(self, player: PlayerId) -> int | None:
        """When a player may change his name (ms since 1970); None for now."""
        time = self._link.call("TIME")
        at = await self._link.call("HGET", keys.account(player), "renamed_at")
        return may_rename_at(int(at) if at else None, time_ms(await time))

    async def young_for_ms(self, player: PlayerId, least_age_ms: int) -> int:
        """In how long a player will have been named `least_age_ms` ago; 0 where he has by now."""
        time = self._link.call("TIME")
        at = await self._link.call("HGET", keys.account(player), "created_at")
        return max(0, int(at or 0) + least_age_ms - time_ms(await time))

    async def unname(self, player: PlayerId, name: str, hold: str, least_age_ms: int) -> bool:
        """Take the name from an account whose player is held by `hold`, and let go of him.

        False where he is held by something else, or was named less than `least_age_ms` ago.
        """
        leaving = _LEAVING + player
        key = keys.name(folded(name))
        await self._swap([key], player, leaving)
        account = [keys.account(player), keys.busy(player)]
        if await self._unname(account, name, hold, least_age_ms):
            await self._swap([key], leaving, "")
            return True
        await self._swap([key], leaving, player)
        return False

    async def finish_leaving(self, name: str, player: PlayerId) -> None:
        """Give a name free that stands for a player whose account has it not.

        An account that gets it just now keeps it: see `confirm`.
        """
        key, leaving = keys.name(folded(name)), _LEAVING + player
        await self._swap([key], player, leaving)
        stored = await self._link.call("HGET", keys.account(player), "name")
        kept = stored is not None and folded(stored.decode()) == folded(name)
        await self._swap([key], leaving, player if kept else "")

    async def look_at(self, player: PlayerId, name: str, in_ms: int) -> None:
        """Look at a name in a while, whatever happens to this process."""
        at = time_ms(await self._link.call("TIME")) + in_ms
        await self._link.call("ZADD", keys.NAMES_DUE, at, f"{player} {folded(name)}")

    async def due(self, limit: int) -> list[Look]:
        """Names to look at now; another process gets them only in a while."""
        score, found = await self._take_due([keys.NAMES_DUE], limit, PUSH_MS)
        looks = (raw.decode().split(" ", 1) for raw in found)
        return [Look(PlayerId(player), name, int(score)) for player, name in looks]

    async def looked(self, look: Look) -> None:
        """Strike a name off the list, unless it was put there anew."""
        member = f"{look.player} {look.name}"
        await self._drop_due([keys.NAMES_DUE], member, look.score)
