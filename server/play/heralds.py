"""Tells of challenges: to both players and to all who watch, each from his own point of view."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import Final, TypeAlias

from msgspec import Struct

from deck.cards import Deck
from server.core.challenge import Challenge, State, stake_for
from server.core.events import Player
from server.core.fairness import unrated_because
from server.core.ids import MatchId, PlayerId
from server.play.claims import Claims
from server.play.listener import Listener
from server.play.presence import Presence
from server.play.timers import Timers
from server.play.views import opponent
from server.store.challenges import Offers
from server.store.link import Unavailable
from server.store.mail import ChallengeMoved, Post
from server.store.players import DELETED_NAME, Account, Players
from server.wire.codec import Frame
from server.wire.messages import ChallengeChanged

LOOK_EVERY_MS: Final = 1_000
LOOKS: Final = "challenges"

Seen: TypeAlias = tuple[State, MatchId | None, bool]
"""What a look compares: the state, the match, and whether who offers is here."""


class Followed(Struct):
    """A challenge that somebody of this process wants to hear of, as it was told last.

    `seen` is None as long as nothing of it was told.
    """

    challenge: Challenge
    seen: Seen | None
    watchers: set[Listener]

    def knows_better(self, challenge: Challenge) -> bool:
        """Whether what was told is younger than this; of one instant, what is over is."""
        return self.seen is not None and _age(self.challenge) > _age(challenge)


class Heralds:
    """What this process tells of challenges.

    Those that are followed are looked at once a second, whichever process moved them, and
    once more when they expire.
    """

    def __init__(
        self,
        decks: dict[str, Deck],
        offers: Offers,
        players: Players,
        presence: Presence,
        claims: Claims,
        timers: Timers,
        online: Callable[[Sequence[PlayerId]], Awaitable[set[PlayerId]]],
        post: Post,
    ) -> None:
        self._decks: Final = decks
        self._offers: Final = offers
        self._players: Final = players
        self._presence: Final = presence
        self._claims: Final = claims
        self._timers: Final = timers
        self._online: Final = online
        self._post: Final = post
        self._followed: Final[dict[str, Followed]] = {}
        self._missed = self._looking = False

    async def view(self, challenge: Challenge, account: Account | None) -> ChallengeChanged:
        """A challenge as a player, or a visitor, may see it."""
        return await self._view(challenge, account, await self._is_here(challenge))

    async def follow(
        self, challenge: Challenge, account: Account | None, listener: Listener | None = None
    ) -> ChallengeChanged:
        """Look at a challenge from now on, for its players or for one who watches it.

        Gives what to send now.
        """
        here = await self._is_here(challenge)
        view = await self._view(challenge, account, here)
        while (told := self._followed.get(challenge.code)) and told.knows_better(challenge):
            challenge = told.challenge  # the listener was in no audience of it
            here = await self._is_here(challenge)
            view = await self._view(challenge, account, here)
        followed = self._follow(challenge, _seen(challenge, here))
        if listener is not None:
            followed.watchers.add(listener)
        return view

    def _follow(self, challenge: Challenge, seen: Seen | None) -> Followed:
        code = challenge.code
        followed = self._followed.setdefault(code, Followed(challenge, seen, set()))
        if challenge.state is State.OPEN:
            look = partial(self._look, (code,))
            self._timers.after(("challenge", code), challenge.expires_in_ms, look)
        if not self._timers.pending(LOOKS):
            self._timers.after(LOOKS, LOOK_EVERY_MS, self._look_at_all)
        return followed

    def unwatch(self, code: str, listener: Listener) -> None:
        """Stop sending it to one who watches."""
        followed = self._followed.get(code)
        if followed is not None:
            followed.watchers.discard(listener)

    async def changed(self, challenge: Challenge) -> None:
        """Tell of a challenge as it stands now, here and at every other process.

        What cannot be told is told at the next look.
        """
        self._timers.soon(partial(self._announce, challenge))
        self._follow(challenge, None)
        await self._tell(challenge, await self._is_here(challenge))

    async def _announce(self, challenge: Challenge) -> None:
        with suppress(Unavailable):  # who follows it looks, and who connects again finds it listed
            await self._post.announce(ChallengeMoved(challenge.code, challenge.players))

    def hear(self, moved: ChallengeMoved) -> None:
        """Tell of a challenge that another process has moved, if anybody here cares."""
        if moved.challenge in self._followed or any(map(self._presence.has, moved.players)):
            self._timers.soon(partial(self._learn, moved.challenge))

    def hear_again(self) -> None:
        """Look for what was offered to anybody here while nothing was heard."""
        self._missed = True
        if not self._looking:
            self._looking = True
            self._timers.soon(self._look_for_missed)

    async def _look_for_missed(self) -> None:
        """One look at a time; what is missed meanwhile asks for another one."""
        try:
            while self._missed:
                self._missed = False
                listed = await asyncio.gather(*map(self._listed, self._presence.everybody()))
                codes = set(chain.from_iterable(listed)) - self._followed.keys()
                await asyncio.gather(*map(self._learn, codes))
        finally:
            self._looking = False

    async def _listed(self, player: PlayerId) -> list[str]:
        try:
            return await self._offers.listed(player)
        except Unavailable:
            return []  # who connects again finds it listed

    async def _learn(self, code: str) -> None:
        with suppress(Unavailable):
            challenge = await self._offers.find(code)
            if challenge is not None and challenge.offer.deck in self._decks:
                await self._tell(challenge, await self._is_here(challenge))

    async def _is_here(self, challenge: Challenge) -> bool:
        return challenge.offer.by in await self._online((challenge.offer.by,))

    async def _look_at_all(self) -> None:
        try:
            await self._look(tuple(self._followed))
        finally:
            if self._followed and not self._timers.pending(LOOKS):
                self._timers.after(LOOKS, LOOK_EVERY_MS, self._look_at_all)

    async def _look(self, codes: Sequence[str]) -> None:
        """Tell of those that are not what they were; forget those that nobody waits for."""
        with suppress(Unavailable):  # seen at the next look
            followed = [self._followed[code] for code in codes if code in self._followed]
            standing = await self._offers.look([one.challenge for one in followed])
            here = await self._online([challenge.offer.by for challenge in standing])
            stored = {challenge.code: challenge for challenge in standing}
            for one in followed:
                challenge = stored.get(one.challenge.code)
                if challenge is None:
                    self._forget(one)
                if challenge is None or self._followed.get(challenge.code) is not one:
                    continue
                is_here = challenge.offer.by in here
                if one.seen != _seen(challenge, is_here):
                    await self._tell(challenge, is_here)
                if not one.watchers and not self._is_awaited(one.challenge):
                    self._forget(one)

    def _forget(self, followed: Followed) -> None:
        """Look at it no more; a later following of the same challenge is another one."""
        code = followed.challenge.code
        if self._followed.get(code) is followed:
            del self._followed[code]
            self._timers.cancel(("challenge", code))

    def _is_awaited(self, challenge: Challenge) -> bool:
        """Whether it may change yet, and either player is here to be told."""
        waits = challenge.state is State.OPEN
        return waits and any(self._presence.has(player) for player in challenge.players)

    async def _tell(self, challenge: Challenge, here: bool) -> None:  # noqa: FBT001 - as found
        """Tell both players, on every socket, and all who watch.

        Nothing is told after what is younger. An open one that is offered again is told again:
        the first telling of it may have been cut off.
        """
        followed, seen = self._follow(challenge, None), _seen(challenge, here)
        frames: dict[PlayerId | None, Frame] = {}
        audience = self._audience(challenge, followed)
        while missing := audience.keys() - frames.keys():
            for player in missing:
                account = next(iter(audience[player])).account
                frames[player] = Frame(await self._view(challenge, account, here))
            audience = self._audience(challenge, followed)  # somebody may have come meanwhile
        # From here on nothing is awaited, so what is told and what is noted are one.
        if followed.knows_better(challenge):
            return
        if followed.seen == seen and challenge.state is not State.OPEN:
            return
        followed.challenge, followed.seen = challenge, seen
        for player, listeners in audience.items():
            for listener in listeners:
                listener.send(frames[player])

    def _audience(
        self, challenge: Challenge, followed: Followed
    ) -> dict[PlayerId | None, set[Listener]]:
        """Who hears of it, by player: there is somebody in every set."""
        audience: dict[PlayerId | None, set[Listener]] = {}
        for known in challenge.players:
            if self._presence.has(known):
                audience[known] = set(self._presence.of(known))
        for listener in followed.watchers:
            player = None if listener.account is None else listener.account.id
            audience.setdefault(player, set()).add(listener)
        return audience

    async def _view(
        self,
        challenge: Challenge,
        account: Account | None,
        here: bool,  # noqa: FBT001 - as found
    ) -> ChallengeChanged:
        offer = challenge.offer
        by, *others = await self._seated(challenge, account)
        to = others[0] if challenge.to is not None else None
        if others:
            terms = self._claims.terms(
                offer.deck, (by, others[0]), challenge.now, rated=offer.rated
            )
            share, unrated = await terms
        else:
            ratings = (by.standing.rating, by.standing.rating)
            share = 1.0
            unrated = unrated_because(rated=offer.rated, bots=by.bot, ratings=ratings, share=share)
        viewer = account.id if account is not None else None
        return ChallengeChanged(
            challenge=challenge.code,
            kind=offer.kind,
            deck=offer.deck,
            title=self._decks[offer.deck].title,
            rated=offer.rated,
            rounds=offer.limits.rounds,
            limit_ms=offer.limits.round_ms,
            by=opponent(by),
            to=None if to is None else opponent(to),
            state=challenge.state,
            expires_in_ms=challenge.expires_in_ms,
            here=here,
            stake=stake_for(viewer, (by, *others), share=share, unrated=unrated),
            k_share=share if unrated is None else 0,
            unrated_because=unrated,
            match=challenge.match,
            rematch_of=offer.rematch_of,
        )

    async def _seated(self, challenge: Challenge, account: Account | None) -> list[Player]:
        """Who offers, and against whom: who looks at a link, as long as nobody has taken it."""
        ids = challenge.players
        accounts = [
            found or Account(player, DELETED_NAME, bot=False)
            for player, found in zip(
                ids, await asyncio.gather(*map(self._players.account, ids)), strict=True
            )
        ]
        if challenge.to is None and account is not None and account.id != challenge.offer.by:
            accounts.append(account)
        return await self._claims.seated(challenge.offer.deck, accounts)


def _seen(challenge: Challenge, here: bool) -> Seen:  # noqa: FBT001 - as found
    return challenge.state, challenge.match, here


def _age(challenge: Challenge) -> tuple[int, bool]:
    return challenge.now, challenge.state is not State.OPEN
