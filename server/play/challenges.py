"""Challenges: offers to one person, or by a link to whoever takes them, that become matches."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from deck.cards import Deck
from server.core.challenge import (
    Challenge,
    Kind,
    Offer,
    State,
    check_accept,
    check_decline,
    check_withdraw,
    is_taken_by,
    limits_for,
    parse_code,
    rematch_of,
)
from server.core.events import Limits
from server.core.ids import MatchId, PlayerId
from server.core.refusal import Reason, Refused
from server.play.claims import Claims
from server.play.heralds import Heralds
from server.play.listener import Listener
from server.play.live import LiveMatch
from server.play.lobby import Lobby
from server.play.matches import Matches
from server.store.challenges import Full, Offers, Stands
from server.store.players import Account, Players
from server.store.seeks import new_nonce, seek_hold
from server.wire.messages import ChallengeChanged

TRIES: Final = 3
"""What is taken back or listed anew may be changed by somebody else in between."""


class Challenges:
    """The challenges of every ladder, as far as this process works on them.

    `online` says which of some players are here; `takes` whether the first player takes
    challenges from the second.
    """

    def __init__(
        self,
        decks: dict[str, Deck],
        offers: Offers,
        players: Players,
        matches: Matches,
        claims: Claims,
        lobby: Lobby,
        heralds: Heralds,
        limits: Limits,
        online: Callable[[Sequence[PlayerId]], Awaitable[set[PlayerId]]],
        takes: Callable[[PlayerId, PlayerId], Awaitable[bool]],
    ) -> None:
        self._decks: Final = decks
        self._offers: Final = offers
        self._players: Final = players
        self._matches: Final = matches
        self._claims: Final = claims
        self._lobby: Final = lobby
        self._heralds: Final = heralds
        self._limits: Final = limits
        self._online: Final = online
        self._takes: Final = takes

    async def offer(
        self,
        account: Account,
        deck: str,
        *,
        to: PlayerId | None,
        rated: bool,
        rounds: int | None,
        limit_ms: int | None,
    ) -> ChallengeChanged:
        """Offer a match to one player, or by a link.

        A practice opponent is challenged to what is casual, whatever is asked for.

        Raises:
            Refused: no such deck or player; the player is oneself, not here, in a match, or
                takes none from this one; one is in a match oneself, or a practice opponent;
                too many open; limits with a rated one; or cooling down.
            Unavailable: Redis does not answer; the offer may stand, and is found again.
        """
        if deck not in self._decks:
            raise Refused(Reason.NO_SUCH_DECK, "There is no deck of that name here.")
        if account.practice:
            raise Refused(
                Reason.NOT_ACCEPTING, "A practice opponent is challenged, and never asks."
            )
        other = None if to is None else await self._challenged(account, to)
        rated = rated and not (other is not None and other.practice)
        offer = Offer(
            kind=Kind.LINK if to is None else Kind.DIRECT,
            deck=deck,
            by=account.id,
            to=to,
            rated=rated,
            limits=limits_for(self._limits, rated=rated, rounds=rounds, limit_ms=limit_ms),
        )
        if rated:
            await self._lobby.not_cooling_down(deck, account.id)
        code = await self._offers.add(offer)
        assert code is not None  # only a rematch may have been offered meanwhile
        return await self._announce(account, code, offer)

    async def accept(self, account: Account, challenge: str) -> ChallengeChanged:
        """Play a challenge now; once taken by this player, it stays taken.

        Raises:
            Refused: no such challenge, one's own, to somebody else, or over; who offered it
                is not here; one of the two is in a match, or cooling down.
            Unavailable: Redis does not answer; the match may stand, and is found again.
        """
        found = await self._find(challenge)
        if is_taken_by(found, account.id):
            return await self._heralds.view(found, account)
        check_accept(found, account.id)
        offer = found.offer
        by = await self._players.account(offer.by)
        if by is None or by.id not in await self._online((by.id,)):
            detail = "Who offered it is not here: wait, or come back later."
            raise Refused(Reason.NOT_ONLINE, detail)
        if offer.rated:
            await self._lobby.not_cooling_down(offer.deck, account.id)
            await self._may_be_rated(by, offer.deck)
        try:
            with self._lobby.sparing(account.id, by.id):
                live = await self._take(found, account, by)
        except Refused:
            # In another tab, or by somebody else who was quicker?
            found = await self._find(found.code)
            if is_taken_by(found, account.id):
                return await self._heralds.view(found, account)
            check_accept(found, account.id)
            raise
        self._lobby.tell(live)
        return await self._over(found, account)

    async def decline(self, account: Account, challenge: str) -> ChallengeChanged:
        """Turn a challenge down.

        Raises:
            Refused: no such challenge, one's own, to somebody else, or over.
            Unavailable: Redis does not answer.
        """
        return await self._end(account, challenge, State.DECLINED, check_decline)

    async def withdraw(self, account: Account, challenge: str) -> ChallengeChanged:
        """Take one's own challenge back.

        Raises:
            Refused: no such challenge, somebody else's, or over.
            Unavailable: Redis does not answer.
        """
        return await self._end(account, challenge, State.WITHDRAWN, check_withdraw)

    async def rematch(self, account: Account, match: MatchId) -> ChallengeChanged:
        """Offer another match to the opponent of a finished one, or accept that offer.

        Raises:
            Refused: no such match, somebody else's, or not over; the opponent has declined,
                is not here, or is in a match; what `accept` refuses.
            Unavailable: Redis does not answer.
        """
        state = (await self._matches.attach(match)).state
        offer = rematch_of(state.created, account.id)
        if state.settled is None:
            raise Refused(Reason.NOT_OVER, "This match is still being played.")
        while True:
            latest = await self._offers.latest_rematch(offer.deck, match)
            found = None if latest is None else await self._offers.find(latest)
            if found is not None:
                mine = found.offer.by == account.id
                if found.state is State.OPEN and not mine:
                    return await self.accept(account, found.code)
                if found.state is State.OPEN:  # listed and told anew, should that have been cut off
                    return await self._announce(account, found.code, found.offer)
                if found.state is State.ACCEPTED:
                    return await self._heralds.view(found, account)
                if found.state is State.DECLINED and mine:
                    detail = "Your opponent has declined: look for another one."
                    raise Refused(Reason.CHALLENGE_OVER, detail)
            assert offer.to is not None
            await self._challenged(account, offer.to)
            if offer.rated:
                await self._lobby.not_cooling_down(offer.deck, account.id)
            code = await self._offers.add(offer, latest)
            if code is not None:
                return await self._announce(account, code, offer)

    async def view(self, challenge: str, account: Account | None) -> ChallengeChanged:
        """A challenge as a player, or a visitor, may see it.

        Raises:
            Refused: there is none of that code.
            Unavailable: Redis does not answer.
        """
        return await self._heralds.view(await self._find(challenge), account)

    async def open_of(self, account: Account, *, told: bool = True) -> list[ChallengeChanged]:
        """The open challenges by and to a player, who is `told` of their changes from now on.

        Raises:
            Unavailable: Redis does not answer.
        """
        look = self._heralds.follow if told else self._heralds.view
        codes = await self._offers.listed(account.id)
        found = await asyncio.gather(*(self._offers.find(code) for code in codes))
        return [await look(c, account) for c in found if c is not None and c.state is State.OPEN]

    async def watch(self, challenge: str, listener: Listener) -> ChallengeChanged:
        """Send a listener this challenge whenever it changes; the one to send now.

        Raises:
            Refused: there is none of that code.
            Unavailable: Redis does not answer; nothing is watched.
        """
        found = await self._find(challenge)
        return await self._heralds.follow(found, listener.account, listener)

    def unwatch(self, challenge: str, listener: Listener) -> None:
        """Stop sending it."""
        code = parse_code(challenge)
        if code is not None:
            self._heralds.unwatch(code, listener)

    async def begun(self, live: LiveMatch) -> None:
        """A match has begun: its players' offers of a rematch are taken back.

        Raises:
            Unavailable: Redis does not answer; they expire.
        """
        for player in live.state.created.players:
            if player.practice:
                continue
            for code in await self._offers.listed(player.id):
                found = await self._offers.find(code)
                if found is None or found.offer.kind is not Kind.REMATCH:
                    continue
                if found.state is State.OPEN and await self._offers.end(found, State.WITHDRAWN):
                    await self._over(found)

    async def _find(self, text: str) -> Challenge:
        code = parse_code(text)
        found = None if code is None else await self._offers.find(code)
        if found is None or found.offer.deck not in self._decks:
            detail = "There is no challenge of that code: look at it again, or ask for a new one."
            raise Refused(Reason.NO_SUCH_CHALLENGE, detail)
        return found

    async def _challenged(self, account: Account, to: PlayerId) -> Account:
        """Whom a player challenges, who is here, free and willing."""
        if to == account.id:
            raise Refused(Reason.OWN_CHALLENGE, "You cannot challenge yourself: choose another.")
        other = await self._players.account(to)
        if other is None:
            raise Refused(Reason.NO_SUCH_PLAYER, "There is no such player: choose another.")
        if not await self._takes(to, account.id):
            detail = f"{other.name} takes no challenges from you: choose another player."
            raise Refused(Reason.NOT_ACCEPTING, detail)
        if to not in await self._online((to,)):
            detail = f"{other.name} is not here: choose another player, or send a link."
            raise Refused(Reason.NOT_ONLINE, detail)
        await self._not_playing(account)
        if await self._match(other) is not None:
            raise _busy(other)
        return other

    async def _not_playing(self, account: Account) -> None:
        match = await self._match(account)
        if match is not None:
            raise Refused(Reason.ALREADY_IN_MATCH, "Finish your match first.", match=match)

    async def _match(self, account: Account) -> MatchId | None:
        """The match that holds a player; none holds a practice opponent."""
        return None if account.practice else await self._claims.playing(account.id)

    async def _announce(self, account: Account, code: str, offer: Offer) -> ChallengeChanged:
        """List a new offer and tell of it; an open one about the same answers instead."""
        standing = await self._list(code, offer)
        if standing != code:
            await self._offers.forget(code, offer)
        if standing is None:
            detail = "You have offered as many as you may: take one back, or wait a while."
            raise Refused(Reason.TOO_MANY_CHALLENGES, detail)
        found = await self._find(standing)
        await self._heralds.changed(found)
        return await self._heralds.view(found, account)

    async def _list(self, code: str, offer: Offer) -> str | None:
        """The code under which the offer stands with its player; None where there is no room."""
        for _ in range(TRIES):
            match await self._offers.list_by(code, offer):
                case Stands(code=standing) if standing != code:
                    if not await self._unlist_if_over(standing):
                        return standing
                case Full():
                    listed = await self._offers.listed(offer.by)
                    await asyncio.gather(*(self._unlist_if_over(other) for other in listed))
                case _:
                    await self._offers.list_to(code, offer)
                    return code
        return None

    async def _unlist_if_over(self, code: str) -> bool:
        found = await self._offers.find(code)
        if found is None or found.state is State.OPEN:
            return False
        await self._offers.unlist(found)
        return True

    async def _end(
        self,
        account: Account,
        code: str,
        state: State,
        check: Callable[[Challenge, PlayerId], None],
    ) -> ChallengeChanged:
        found = await self._find(code)
        check(found, account.id)
        while not await self._offers.end(found, state):
            found = await self._find(found.code)
            check(found, account.id)
        return await self._over(found, account)

    async def _over(self, challenge: Challenge, account: Account | None = None) -> ChallengeChanged:
        """Take a challenge that is over off the lists, and tell of it."""
        found = await self._find(challenge.code)
        await self._offers.unlist(found)
        await self._heralds.changed(found)
        return await self._heralds.view(found, account)

    async def _take(self, challenge: Challenge, taker: Account, by: Account) -> LiveMatch:
        """Make a match of a challenge: both are held first, as by a seek.

        Raises:
            Refused: one of them is in a match, or held by something else by now: then nobody
                is held, and the challenge is what it was.
        """
        await self._not_playing(taker)
        if await self._match(by) is not None:
            raise _busy(by)
        deck = challenge.offer.deck
        nonces = {player.id: new_nonce() for player in (taker, by) if not player.practice}
        try:
            # In the order of their ids, so that no two challenges wait for one another.
            for player in sorted((taker, by), key=lambda player: player.id):
                if not player.practice:
                    hold = seek_hold(deck, "challenge", nonces[player.id])
                    await self._hold(player, hold, _busy(by) if player is by else None)
            one, two = await self._claims.seated(deck, (taker, by))
            live = await self._claims.claim_challenge(challenge, one, two, nonces)
            if live is None:
                raise _lost()
        except Refused:
            for player_id, nonce in nonces.items():
                await self._players.hold(player_id, seek_hold(deck, "challenge", nonce), "")
            raise
        return live

    async def _may_be_rated(self, by: Account, deck: str) -> None:
        """Whether who offered a rated match may play one, in words for the one who takes it."""
        try:
            await self._lobby.not_cooling_down(deck, by.id)
        except Refused as refusal:
            detail = f"{by.name} may not play for rating yet: wait, or ask for a casual match."
            raise Refused(Reason.OPPONENT_BUSY, detail) from refusal

    async def _hold(self, player: Account, hold: str, busy: Refused | None) -> None:
        """Hold a player, whose seek is taken back for it; `busy` is what to say of the opponent."""
        for _ in range(TRIES):
            if await self._players.hold(player.id, "", hold) is None:
                return
            try:
                await self._lobby.holds.take_back(player.id)
            except Refused as refusal:
                raise busy or refusal from refusal
        raise busy or Refused(Reason.ALREADY_SEEKING, "You are doing something else just now.")


def _busy(by: Account) -> Refused:
    return Refused(Reason.OPPONENT_BUSY, f"{by.name} is in a match: wait until it is over.")


def _lost() -> Refused:
    """A claim that came to no match: one of the two is held by something else by now."""
    return Refused(Reason.OPPONENT_BUSY, "The match could not begin just now: try again.")
