"""Accounts: what players decide about themselves, and what becomes of names nobody plays with."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from server.core.challenge import State
from server.core.ids import PlayerId
from server.core.names import FREE_AFTER_MS, clean_name, folded
from server.core.refusal import Reason, Refused
from server.play.sweeper import guarded
from server.play.timers import Timers
from server.store.challenges import Offers
from server.store.deletions import Deletions
from server.store.ladder import Ladder
from server.store.link import Link, Unavailable
from server.store.mutes import Mutes
from server.store.names import Look
from server.store.onelinks import LinkState, OneLink, OneLinks
from server.store.passkeys import Passkeys
from server.store.players import DELETED, UNNAMING, Account, Players, match_of
from server.store.progress import Progress
from server.store.tiles import TilesGames

log: Final = logging.getLogger(__name__)

SWEEP_EVERY_MS: Final = 10_000
AT_ONCE: Final = 50
"""So many names, and deletions, are looked at in one sweep."""
BUSY_AGAIN_MS: Final = 3600 * 1000
"""A name whose player is in a match, or looks for one, is looked at again in so long."""


class Accounts:
    """The accounts of this installation, as one process works on them.

    `cancel` takes a player's seek back, or raises `Refused` where he is in a match;
    `standing_hold` says what holds him, and releases a hold whose seek is gone.
    `free_after_ms` is how old a name without a finished match is when it is given free.
    """

    def __init__(
        self,
        link: Link,
        players: Players,
        boards: Mapping[str, Ladder],
        games: Mapping[str, TilesGames],
        offers: Offers,
        timers: Timers,
        cancel: Callable[[PlayerId], Awaitable[None]],
        standing_hold: Callable[[PlayerId], Awaitable[str]],
        *,
        free_after_ms: int = FREE_AFTER_MS,
    ) -> None:
        self.mutes: Final = Mutes(link)
        self.passkeys: Final = Passkeys(link)
        self._links: Final = OneLinks(link)
        self._deletions: Final = Deletions(link)
        self._progress: Final = Progress(link)
        self._players: Final = players
        self._boards: Final = boards
        self._games: Final = games
        self._offers: Final = offers
        self._timers: Final = timers
        self._cancel: Final = cancel
        self._standing_hold: Final = standing_hold
        self._free_after_ms: Final = free_after_ms

    def start(self) -> None:
        """Begin to look at names, and to go on with deletions."""
        self._timers.every("accounts", SWEEP_EVERY_MS, self.sweep)

    async def takes_challenges(self, of: PlayerId, from_: PlayerId) -> bool:
        """Whether `of` may be challenged by `from_`: neither switched off nor muted."""
        return await self.mutes.takes(of, from_)

    async def rename(self, account: Account, raw_name: str) -> Account:
        """Give a player another name, once in 30 days; the old one is free for others at once.

        Raises:
            BadName: the name breaks a rule; the text says which.
            NameTaken: another player has it.
            TooSoon: the last change is no 30 days ago.
            Nameless: the name has changed, or gone, meanwhile.
            Unavailable: unknown whether it is done; asking again is harmless.
        """
        name = clean_name(raw_name)
        if name != account.name:
            await self._players.registry.rename(account.id, account.name, name)
            await self._players.sessions.changed(account.id)
            for board in self._boards.values():
                await board.stir()
        return Account(account.id, name, account.bot, account.practice)

    # On another device

    async def make_link(self, player: PlayerId) -> str:
        """A one-time link in place of the last one; its token."""
        return await self._links.make(player)

    async def look_at_link(self, token: str) -> tuple[OneLink, Account | None]:
        """How a link stands, and who comes in by it; looking does not use it up."""
        return await self._whose(await self._links.look(token))

    async def take_link(self, token: str) -> tuple[OneLink, Account | None]:
        """Use a link up; what it was, and the player whom it signs in where it was open."""
        return await self._whose(await self._links.take(token))

    async def _whose(self, found: OneLink) -> tuple[OneLink, Account | None]:
        account = None if found.player is None else await self._players.account(found.player)
        return (found, account) if account is not None else (OneLink(LinkState.UNKNOWN), None)

    async def take_over(self, guest: PlayerId, player: PlayerId) -> None:
        """Give a player what a guest of the same device has studied; a repeat changes nothing."""
        for deck in self._boards:
            await self._progress.take_over(guest, player, deck)

    async def sign_out_everywhere(self, player: PlayerId, token: str | None) -> None:
        """End every session of a player, that of `token` last, and what could open another."""
        await self._links.forget(player)
        await self._players.sessions.end_all(player, token)

    # Deletion

    async def delete(self, player: PlayerId) -> None:
        """Delete a player with all that is his; of his matches only the record stays.

        Whatever dies in the middle of it: asking again, or the next sweep, goes on.

        Raises:
            Refused: he is in a match, or has begun to seek again.
            Unavailable: it may have begun.
        """
        await self._deletions.begin(player)
        try:
            await self._hold_for_ever(player)
        except Refused:
            await self._deletions.done(player)
            raise
        players = self._players
        await self.sign_out_everywhere(player, None)
        await self.passkeys.forget(player)
        await self.mutes.forget(player)
        for deck, board in self._boards.items():
            await board.forget(player)
            await self._games[deck].forget(player)
            await self._progress.forget(player, deck)
        await self._end_challenges(player)
        account = await players.account(player)
        if account is not None:
            await players.registry.release(account.name, player)
        await players.delete(player)
        # By a link that was taken while its player was going.
        await players.sessions.end_all(player)
        await self._deletions.done(player)

    async def _end_challenges(self, player: PlayerId) -> None:
        """Withdraw what a player offers, and decline for him what he is offered.

        Whoever follows one of them sees it at his next look.
        """
        for code in await self._offers.listed(player):
            found = await self._offers.find(code)
            if found is not None:
                by_him = found.offer.by == player
                await self._offers.end(found, State.WITHDRAWN if by_him else State.DECLINED)
                await self._offers.unlist(found)
        await self._deletions.forget_challenges(player)

    async def _hold_for_ever(self, player: PlayerId) -> None:
        """See to it that no match can claim a player any more."""
        await self._cancel(player)
        # Whoever gives his name free just now finds him held by something else, and leaves it.
        held = ""
        for believed in ("", UNNAMING, ""):
            instead = await self._players.hold(player, believed, DELETED)
            if instead is None:
                return
            held = instead
        if (match := match_of(held)) is not None:
            raise Refused(Reason.ALREADY_IN_MATCH, "Finish your match first.", match=match)
        detail = "You have begun to look for an opponent: stop that first."
        raise Refused(Reason.ALREADY_SEEKING, detail)

    # Names that nobody plays with

    async def sweep(self) -> None:
        """Look at names that are due, and go on with deletions that a dead process had begun."""
        try:
            for player in await self._deletions.due(AT_ONCE):
                await guarded(f"the deletion of {player}", self._go_on_deleting(player))
            for look in await self._players.registry.due(AT_ONCE):
                await guarded(f"the name of {look.player}", self._look(look))
        except Unavailable as error:
            log.warning("Redis does not answer: %s", error)

    async def _go_on_deleting(self, player: PlayerId) -> None:
        try:
            await self.delete(player)
        except Refused:
            log.info("a player is in a match, or seeks, and so was not deleted")

    async def _look(self, look: Look) -> None:
        """Give a name free where no match was finished with it, or where it is half done."""
        registry, player = self._players.registry, look.player
        account = await self._players.account(player)
        if account is None or folded(account.name) != look.name:
            await registry.finish_leaving(look.name, player)
        elif not await self._is_used(account):
            # Of a young one its player is not held: he may want to seek just now.
            young_ms = await registry.young_for_ms(player, self._free_after_ms)
            if young_ms or not await self._free(account):
                await registry.look_at(player, account.name, young_ms or BUSY_AGAIN_MS)
        # By a process that died while it held him.
        await self._players.hold(player, UNNAMING, "")
        await registry.looked(look)

    async def _free(self, account: Account) -> bool:
        """Give a name free; False where it is not old enough, or its player busy."""
        player, players = account.id, self._players
        # A hold that does not stand is released, and the player free for the second try.
        if await players.hold(player, "", UNNAMING) is not None and (
            await self._standing_hold(player)
            or await players.hold(player, "", UNNAMING) is not None
        ):
            return False
        if await self._is_used(account):
            await players.hold(player, UNNAMING, "")
            return True
        registry = players.registry
        if not await registry.unname(player, account.name, UNNAMING, self._free_after_ms):
            return False
        for games in self._games.values():
            await games.unlist(player)
        await players.sessions.changed(player)
        return True

    async def _is_used(self, account: Account) -> bool:
        if account.practice:
            return True
        for board in self._boards.values():
            if await board.has_played(account.id):
                return True
        return False
