"""Players: accounts, names, sessions, and what holds a player at the moment."""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from server.core.ids import MatchId, PlayerId
from server.core.names import clean_name, folded
from server.store import keys
from server.store.link import Link
from server.store.scripts import Script

TOKEN_BYTES: Final = 32
ID_BYTES: Final = 9


class NameTaken(Exception):  # noqa: N818 - told to the person who chose it
    """Another player has this name."""


class Account(Struct, frozen=True):
    """Who a player is."""

    id: PlayerId
    name: str
    bot: bool
    practice: bool = False


class Players:
    """Every player of this installation."""

    def __init__(self, link: Link) -> None:
        self._link: Final = link
        self._swap: Final = Script(link, "swap")

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
                return account, await self._new_session(guest)
            guest = None
        player = guest or _new_player()
        name_key = keys.name(folded(name))
        # The name is only ours for a minute, should this process die before the account.
        if not await self._link.call("SET", name_key, player, "NX", "EX", keys.NAME_CLAIM_S):
            holder = await self._link.call("GET", name_key)
            if guest is None or holder != guest.encode():
                raise NameTaken(name)
        await self._link.call("HSET", keys.account(player), "bot", int(bot), "created_at", now_ms)
        # A name for ever and then the account, or two could have it after a death in between.
        await self._link.call("PERSIST", name_key)
        if not await self._link.call("HSETNX", keys.account(player), "name", name):
            account = await self.account(player)
            assert account is not None
            if folded(account.name) == folded(name):
                return account, await self._new_session(player)
            # A guest who took another name in another tab, just now. This one may be somebody
            # else's by now, through a third tab.
            await self._swap([name_key], player, "")
            return await self.sign_up(name, bot=bot, now_ms=now_ms)
        return Account(player, name, bot), await self._new_session(player)

    async def guest(self) -> tuple[PlayerId, str]:
        """A visitor to be remembered though without a name, and the token that is theirs."""
        player = _new_player()
        return player, await self._new_session(player)

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
        return await self._new_session(player, keys.CHARACTER_SESSION_S)

    async def _new_session(self, player: PlayerId, life_s: int = keys.SESSION_S) -> str:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        await self._link.call("SET", keys.session(_hash(token)), player, "EX", life_s)
        return token

    async def remembered(self, token: str) -> PlayerId | None:
        """Whose token this is, with a name or without."""
        player = await self._link.call("GET", keys.session(_hash(token)))
        return PlayerId(player.decode()) if player else None

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

    async def names(self, players: Sequence[PlayerId]) -> list[str]:
        """The names of some players, in their order."""
        replies = [self._link.call("HGET", keys.account(player), "name") for player in players]
        return [((await reply) or b"?").decode() for reply in replies]

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


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
