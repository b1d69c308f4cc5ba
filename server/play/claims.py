"""Turns two seeks, or a challenge, into one match; a process may die between any two steps.

A claim takes both seeks (or the challenge) and keeps event 0 in one script; then both
players' holds go to the match, the log begins, and the claim is forgotten last. Whoever
finds a claim repeats these steps: each is done once however often it is tried. Nothing
holds a practice opponent; his matches are a set, to find them again after a restart.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Sequence
from random import Random
from typing import Final

from deck.cards import Deck
from server.core.challenge import Challenge, seats_of
from server.core.deal import deal
from server.core.elo import Standing as Rating
from server.core.events import Limits, MatchCreated, Player, Settled, Sought
from server.core.fairness import Unrated, k_share, unrated_because
from server.core.ids import SEATS, BySeat, MatchId, PlayerId
from server.core.match import Phase
from server.core.practice import CHARACTERS
from server.play.live import LiveMatch
from server.play.matches import Matches
from server.play.sweeper import guarded
from server.play.timers import sleep_ms
from server.store.challenges import Offers
from server.store.ladder import Ladder, decode_record
from server.store.link import Link, Unavailable
from server.store.log import MatchLogs
from server.store.online import Playing
from server.store.players import Account, Players, match_hold, match_of
from server.store.practised import Practised
from server.store.seeks import Claim, Pool, Seek, Seeks, Standing, new_nonce, seek_hold, seek_of

ID_BYTES: Final = 9
SEED_BITS: Final = 256
TAKING_MS: Final = 1_000
"""A challenge that is being taken holds its players no longer than that, but for a process
that died over it."""
TAKING_LOOK_MS: Final = 20
SETTLED_MATCHES: Final = 100
"""Of a practice opponent: nothing about its strength is provisional."""
_CHARACTERS: Final = {
    character.id: Rating(character.strength, SETTLED_MATCHES, character.strength)
    for character in CHARACTERS
}


class Claims:
    """Carries out the claims of every ladder; `rng` seeds the deals."""

    def __init__(
        self,
        link: Link,
        decks: dict[str, Deck],
        ladders: dict[str, Ladder],
        players: Players,
        matches: Matches,
        logs: MatchLogs,
        limits: Limits,
        offers: Offers,
        *,
        pair_limits: bool,
        rng: Random,
    ) -> None:
        self.seeks: Final = {deck: Seeks(link, deck) for deck in decks}
        self._playing: Final = {deck: Playing(link, deck) for deck in decks}
        self._offers: Final = offers
        self._practised: Final = Practised(link)
        self._decks: Final = decks
        self._ladders: Final = ladders
        self._players: Final = players
        self._matches: Final = matches
        self._logs: Final = logs
        self._limits: Final = limits
        self._pair_limits: Final = pair_limits
        self._rng: Final = rng
        self._at_work: Final[set[MatchId]] = set()

    async def claim(
        self, deck: str, pool: Pool, seeks: BySeat[Standing], now: int
    ) -> LiveMatch | None:
        """Make a match of two seeks; None where one of them had gone.

        Raises:
            Unavailable: the claim, if it stands, is carried out by `recover`.
        """
        one, two = seeks
        players, rated = (one.seek.player, two.seek.player), pool == "rated"
        sought = Sought(rated, (one.since, two.since))
        created = await self._event_zero(deck, players, self._limits, now, sought, rated=rated)
        nonces = (one.seek.nonce, two.seek.nonce)
        claim = Claim(pool, self._logs.new_nonce(), created, nonces)
        self._at_work.add(created.match)
        try:
            if not await self.seeks[deck].claim(claim, seeks):
                return None
            return await self._carry_out(claim)
        finally:
            self._at_work.discard(created.match)

    async def claim_challenge(
        self, challenge: Challenge, taker: Player, by: Player, nonces: dict[PlayerId, str]
    ) -> LiveMatch | None:
        """Make a match of a challenge whose players are held under `nonces`.

        None where it was over already, or a player is held by something else by now: then
        it is open again.

        Raises:
            Unavailable: the claim, if it stands, is carried out by `recover`.
        """
        offer, seated = challenge.offer, {taker.id: taker, by.id: by}
        first, second = seats_of(offer, taker.id)
        players = (seated[first], seated[second])
        created = await self._event_zero(
            offer.deck, players, offer.limits, challenge.now, None, rated=offer.rated
        )
        held = (nonces.get(first, ""), nonces.get(second, ""))
        claim = Claim("challenge", self._logs.new_nonce(), created, held, challenge.code)
        self._at_work.add(created.match)
        try:
            if not await self._offers.claim(challenge, claim, taker.id):
                return None
            return await self._carry_out(claim)
        finally:
            self._at_work.discard(created.match)

    async def held(self, player: PlayerId) -> str:
        """What holds a player, once a challenge that is being taken has taken its course.

        A hold that stays for longer was left by a process that died.
        """
        held = await self._players.held_by(player)
        for _ in range(TAKING_MS // TAKING_LOOK_MS):
            sought = seek_of(held)
            if sought is None or sought[1] != "challenge":
                break
            await sleep_ms(TAKING_LOOK_MS)
            held = await self._players.held_by(player)
        return await self.unless_lost(player, held)

    async def playing(self, player: PlayerId) -> MatchId | None:
        """The match that holds a player, None for none."""
        return match_of(await self.unless_lost(player, await self._players.held_by(player)))

    async def unless_lost(self, player: PlayerId, held: str) -> str:
        """What holds a player; a match of which a failover has left nothing frees him."""
        match = match_of(held)
        if match is None or await self._logs.exists(match):
            return held
        # Read before the log once more: what is no longer claimed has begun, or never will.
        claims = await asyncio.gather(*(seeks.claims() for seeks in self.seeks.values()))
        claimed = any(claim.created.match == match for of_deck in claims for claim in of_deck)
        if claimed or await self._logs.exists(match):
            return held
        return await self._players.hold(player, held, "") or ""

    async def practised(self, player: PlayerId) -> list[MatchId]:
        """The live matches of a practice opponent; struck off are those settled or gone."""
        listed = await self._practised.of(player)
        # Read before the logs: what is claimed no longer has a log by then, or will never have one.
        claims = await asyncio.gather(*(seeks.claims() for seeks in self.seeks.values()))
        claimed = {claim.created.match for of_deck in claims for claim in of_deck}
        logs = await asyncio.gather(*(self._logs.read(match) for match in listed))
        live = []
        for match, (_, entries) in zip(listed, logs, strict=True):
            events = [event for entry in entries for event in entry.events]
            if any(isinstance(event, Settled) for event in events) or not (
                events or match in claimed
            ):
                await self._practised.strike(player, match)
            else:
                live.append(match)
        return live

    async def seated(self, deck: str, accounts: Sequence[Account]) -> list[Player]:
        """Some players as they would sit down now."""
        stored = await self._ladders[deck].records([account.id for account in accounts])
        return [
            Player(
                account.id,
                account.name,
                _CHARACTERS.get(account.id) or decode_record(raw).standing,
                account.bot,
                account.practice,
            )
            for account, raw in zip(accounts, stored, strict=True)
        ]

    async def terms(
        self, deck: str, players: BySeat[Player], now: int, *, rated: bool
    ) -> tuple[float, Unrated | None]:
        """For which share of K two players would play now, and why not for rating."""
        one, two = players
        share = 1.0
        if rated and self._pair_limits:
            share = k_share(await self._ladders[deck].rated_in_a_day(one.id, two.id, now))
        unrated = unrated_because(
            rated=rated,
            bots=one.bot or two.bot,
            ratings=(one.standing.rating, two.standing.rating),
            share=share,
        )
        return share, unrated

    async def claimed(self, deck: str, nonce: str) -> MatchId | None:
        """The match for which the seek of this nonce is being claimed, None for none."""
        claims = await self.seeks[deck].claims()
        return next((c.created.match for c in claims if nonce in c.nonces), None)

    async def recover(self, deck: str) -> list[LiveMatch]:
        """Carry out what a process that died left half done; the matches it made.

        A match whose partition does not answer holds up no other.
        """
        made: list[LiveMatch] = []
        for claim in await self.seeks[deck].claims():
            match = claim.created.match
            if match not in self._at_work:
                with contextlib.suppress(Unavailable):
                    await guarded(f"the claim of match {match}", self._go_on(claim, made))
        return made

    async def _go_on(self, claim: Claim, made: list[LiveMatch]) -> None:
        """Carry out one claim that another process has begun; what comes of it goes to `made`."""
        match, deck = claim.created.match, claim.created.deck
        _, entries = await self._logs.read(match)
        if entries:
            # The log began, but whether the players were told died with the process.
            await self.seeks[deck].claim_done(match)
            live: LiveMatch | None = await self._matches.attach(match)
        else:
            live = await self._carry_out(claim)
        if live is not None and live.state.phase is Phase.GATHERING:
            made.append(live)

    async def _event_zero(
        self,
        deck: str,
        players: BySeat[Player],
        limits: Limits,
        now: int,
        sought: Sought | None,
        *,
        rated: bool,
    ) -> MatchCreated:
        share, unrated = await self.terms(deck, players, now, rated=rated)
        return MatchCreated(
            match=MatchId(secrets.token_urlsafe(ID_BYTES)),
            deck=deck,
            title=self._decks[deck].title,
            players=players,
            deal=deal(self._decks[deck], limits.rounds, self._new_rng()),
            limits=limits,
            unrated_because=unrated,
            k_share=share,
            sought=sought,
        )

    def _new_rng(self) -> Random:
        """The randomness of one deal: seeded afresh, so that no deal tells of another."""
        return Random(self._rng.getrandbits(SEED_BITS))  # noqa: S311 - its seed is the system's

    async def _carry_out(self, claim: Claim) -> LiveMatch | None:
        """The steps after the claim; None where a player was held by something else."""
        created = claim.created
        hold = match_hold(created.match)
        swapped = [
            created.players[seat].practice
            or await self._players.hold(
                created.players[seat].id,
                seek_hold(created.deck, claim.pool, claim.nonces[seat]),
                hold,
            )
            is None
            for seat in SEATS
        ]
        if not all(swapped):
            _, entries = await self._logs.read(created.match)
            if not entries:  # else another process has carried it out, and it is over by now
                await self._undo(claim, swapped)
            await self.seeks[created.deck].claim_done(created.match)
            return None
        await self._practised.add(created.players, created.match)
        live = await self._matches.following.begin(claim.nonce, created)
        with contextlib.suppress(Unavailable):  # both are told at once; `recover` forgets it, too
            await self.seeks[created.deck].claim_done(created.match)
        if live is not None:
            return live
        live = await self._matches.attach(created.match)
        if live.state.settled is not None:
            await self._practised.remove(created.players, created.match)
        return live

    async def _undo(self, claim: Claim, swapped: list[bool]) -> None:
        """An abort that nobody is charged for: who was free seeks on, waited time kept.

        After a challenge nobody seeks, and it is open again.
        """
        created, sought = claim.created, claim.created.sought
        held_by_match = match_hold(created.match)
        for seat in SEATS:
            player, nonce = created.players[seat], new_nonce()
            if not swapped[seat] or player.practice:
                continue
            if sought is None:
                await self._players.hold(player.id, held_by_match, "")
                continue
            hold = seek_hold(created.deck, claim.pool, nonce)
            if await self._players.hold(player.id, held_by_match, hold) is None:
                again = Seek(player, nonce, None)
                await self.seeks[created.deck].add(claim.pool, again, sought.since[seat])
        if claim.challenge is not None:
            await self._offers.reopen(claim.challenge, created.deck, created.match)
        else:
            await self._playing[created.deck].drop(created.match)
