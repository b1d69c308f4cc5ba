"""Players: accounts, names, sessions, and what holds a player at the moment."""

import secrets
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from server.core.ids import MatchId, PlayerId
from server.core.names import DELETED_NAME, FREE_AFTER_MS, clean_name, folded
from server.store import keys
from server.store.link import Link
from server.store.names import Names, NameTaken
from server.store.scripts import Script
from server.store.sessions import Sessions

__all__ = ["DELETED_NAME", "Account", "NameTaken", "Players", "Shown", "match_hold", "match_of"]

ID_BYTES: Final = 9
DELETED: Final = "deleted"
"""What holds a deleted player, for ever: nothing else can claim him."""
UNNAMING: Final = "unnaming"
"""What holds a player while his name, with which nobody plays, is given free."""


class Account(Struct, frozen=True):
    """Who a player is."""

    id: PlayerId
    name: str
    bot: bool
    practice: bool = False


class Shown(Struct, frozen=True):
    """What a player is called by now; `named` is false where there is no account of that name."""

    name: str
    named: bool
    deleted: bool


class Players:
    """Every player of this installation."""

    def __init__(self, link: Link) -> None:
        self._link: Final = link
        self._swap: Final = Script(link, "swap")
        self._delete: Final = Script(link, "delete_account")
        self.registry: Final = Names(link)
        self.sessions: Final = Sessions(link)

    async def sign_up(
        self, raw_name: str, *, bot: bool, now_ms: int, guest: PlayerId | None = None
    ) -> tuple[Account, str]:
        """A new player and the token that is theirs; only its hash is stored.

        A guest who takes a name stays who he is, with all that he has studied; to take the same
        one again changes nothing. A player who takes another name becomes another player.

        Raises:
            BadName: the name breaks a rule; the text says which.
            NameTaken: another player has it.
            Unavailable: the name is free again in a minute, or it is theirs.
        """
        name = clean_name(raw_name)
        if guest is not None and (account := await self.account(guest)) is not None:
            if folded(account.name) == folded(name):
                return account, await self.sessions.begin(guest)
            guest = None
        if guest is not None and await self._is_deleted(guest):
            guest = None
        player = guest or _new_player()
        # The name is only theirs for a minute, should this process die before the account.
        await self.registry.claim(name, player, again=guest is not None)
        stored = keys.account(player)
        await self._link.call("HSET", stored, "bot", int(bot), "created_at", now_ms)
        await self.registry.keep(name, player, FREE_AFTER_MS)
        if not await self._link.call("HSETNX", stored, "name", name):
            account = await self.account(player)
            assert account is not None
            if folded(account.name) == folded(name):
                return account, await self.sessions.begin(player)
            # A guest who took another name in another tab, just now. This one may be somebody
            # else's by now, through a third tab.
            await self.registry.release(name, player)
            return await self.sign_up(name, bot=bot, now_ms=now_ms)
        if not await self.registry.confirm(name, player):
            await self._link.call("HDEL", stored, "name")
            raise NameTaken(name)
        await self._link.call("HDEL", stored, "freed")
        return Account(player, name, bot), await self.sessions.begin(player)

    async def guest(self) -> tuple[PlayerId, str]:
        """A visitor to be remembered though without a name, and the token that is theirs."""
        player = _new_player()
        return player, await self.sessions.begin(player)

    async def seat_character(self, player: PlayerId, name: str, now_ms: int) -> None:
        """Make a practice opponent's account where it is missing, and reserve its name.

        A player who had that name before there was such a character keeps it.
        """
        reserved = self._link.call("SET", keys.name(folded(name)), player, "NX")
        account = keys.account(player)
        made = self._link.call("HSETNX", account, "created_at", now_ms)
        await self._link.call("HSET", account, "name", name, "bot", 1, "practice", 1)
        await reserved
        await made

    async def character_session(self, player: PlayerId) -> str:
        """A token with which a practice opponent opens one socket, within a minute."""
        return await self.sessions.begin(player, keys.CHARACTER_SESSION_S)

    async def remembered(self, token: str) -> PlayerId | None:
        """Whose token this is, with a name or without."""
        return await self.sessions.player(token)

    async def signed_in(self, token: str) -> Account | None:
        """Which player with a name has this token."""
        player = await self.remembered(token)
        return await self.account(player) if player else None

    async def account(self, player: PlayerId) -> Account | None:
        """A player's account."""
        name, bot, practice = await self._link.call(
            "HMGET", keys.account(player), "name", "bot", "practice"
        )
        return Account(player, name.decode(), bot == b"1", practice == b"1") if name else None

    async def freed(self, player: PlayerId) -> str | None:
        """The name that was given free because no match was finished with it; None for none."""
        freed, name = await self._link.call("HMGET", keys.account(player), "freed", "name")
        return freed.decode() if freed and not name else None

    async def _is_deleted(self, player: PlayerId) -> bool:
        return bool(await self._link.call("HEXISTS", keys.account(player), "deleted"))

    async def delete(self, player: PlayerId) -> None:
        """Make an account one of nobody, for ever; its name is to be released before."""
        await self._delete([keys.account(player)])

    async def names(self, players: Sequence[PlayerId]) -> list[str]:
        """The names of some players, in their order: the present ones."""
        return [shown.name for shown in await self.shown(players)]

    async def shown(self, players: Sequence[PlayerId]) -> list[Shown]:
        """What some players are called, in their order, and which of them are gone."""
        replies = [
            self._link.call("HMGET", keys.account(player), "name", "deleted", "freed")
            for player in players
        ]
        return [_shown(*(await reply)) for reply in replies]

    async def hold(self, player: PlayerId, believed: str, new: str) -> str | None:
        """Change what holds a player from `believed` to `new` ('' for nothing).

        None when done, or done before; otherwise what holds the player instead.
        """
        done, value = await self._swap([keys.busy(player)], believed, new)
        return None if done else value.decode()

    async def held_by(self, player: PlayerId) -> str:
        """What holds a player; '' for nothing."""
        value = await self._link.call("GET", keys.busy(player))
        return value.decode() if value else ""


def match_hold(match: MatchId) -> str:
    """The value of `busy` while a player is in a match."""
    return f"match {match}"


def match_of(hold: str) -> MatchId | None:
    """The match in a value of `busy`, None where it is something else."""
    kind, _, match = hold.partition(" ")
    return MatchId(match) if kind == "match" else None


def _new_player() -> PlayerId:
    return PlayerId(secrets.token_urlsafe(ID_BYTES))


def _shown(name: bytes | None, deleted: bytes | None, freed: bytes | None) -> Shown:
    if deleted:
        return Shown(DELETED_NAME, named=False, deleted=True)
    return Shown((name or freed or b"?").decode(), named=name is not None, deleted=False)
