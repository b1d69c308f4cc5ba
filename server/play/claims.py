"""Turns two seeks into one match, so that a process may die between any two steps.

A claim takes both seeks and keeps event 0 in one script; then both players' holds go
from the seek to the match, the log begins, and the claim is forgotten last. Whoever
finds a claim repeats these steps: each is done once however often it is tried.
"""

import secrets
from random import Random
from typing import Final

from deck.cards import Deck
from server.core.deal import deal
from server.core.events import Limits, MatchCreated, Sought
from server.core.fairness import k_share, unrated_because
from server.core.ids import SEATS, BySeat, MatchId
from server.core.match import Phase
from server.play.live import LiveMatch
from server.play.matches import Matches
from server.store.ladder import Ladder
from server.store.link import Link
from server.store.log import MatchLogs, StoredEntry
from server.store.players import Players, match_hold
from server.store.seeks import Claim, Pool, Seek, Seeks, Standing, new_nonce, seek_hold

ID_BYTES: Final = 9
SEED_BITS: Final = 256


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
        *,
        pair_limits: bool,
        rng: Random,
    ) -> None:
        self.seeks: Final = {deck: Seeks(link, deck) for deck in decks}
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
        created = await self._event_zero(deck, pool, seeks, now)
        nonces = (seeks[0].seek.nonce, seeks[1].seek.nonce)
        claim = Claim(pool, self._logs.new_nonce(), created, nonces)
        self._at_work.add(created.match)
        try:
            if not await self.seeks[deck].claim(claim, seeks):
                return None
            return await self._carry_out(claim)
        finally:
            self._at_work.discard(created.match)

    async def claimed(self, deck: str, nonce: str) -> MatchId | None:
        """The match for which the seek of this nonce is being claimed, None for none."""
        claims = await self.seeks[deck].claims()
        return next((c.created.match for c in claims if nonce in c.nonces), None)

    async def recover(self, deck: str) -> list[LiveMatch]:
        """Carry out what a process that died left half done; the matches it made."""
        made = []
        for claim in await self.seeks[deck].claims():
            match = claim.created.match
            if match in self._at_work:
                continue
            _, entries = await self._logs.attach(match)
            if entries:
                # The log began, but whether the players were told died with the process.
                await self.seeks[deck].claim_done(match)
                live = await self._matches.attach(match)
            else:
                carried_out = await self._carry_out(claim)
                if carried_out is None:
                    continue
                live = carried_out
            if live.state.phase is Phase.GATHERING:
                made.append(live)
        return made

    async def _event_zero(
        self, deck: str, pool: Pool, seeks: BySeat[Standing], now: int
    ) -> MatchCreated:
        one, two = (seek.seek.player for seek in seeks)
        rated = pool == "rated"
        share = 1.0
        if rated and self._pair_limits:
            share = k_share(await self._ladders[deck].rated_in_a_day(one.id, two.id, now))
        unrated = unrated_because(
            rated=rated,
            bots=one.bot or two.bot,
            ratings=(one.standing.rating, two.standing.rating),
            share=share,
        )
        return MatchCreated(
            match=MatchId(secrets.token_urlsafe(ID_BYTES)),
            deck=deck,
            title=self._decks[deck].title,
            players=(one, two),
            deal=deal(self._decks[deck], self._limits.rounds, self._new_rng()),
            limits=self._limits,
            unrated_because=unrated,
            k_share=share,
            sought=Sought(rated, (seeks[0].since, seeks[1].since)),
        )

    def _new_rng(self) -> Random:
        """The randomness of one deal: seeded afresh, so that no deal tells of another."""
        return Random(self._rng.getrandbits(SEED_BITS))  # noqa: S311 - its seed is the system's

    async def _carry_out(self, claim: Claim) -> LiveMatch | None:
        """The steps after the claim; None where a player was held by something else."""
        created = claim.created
        hold = match_hold(created.match)
        swapped = [
            await self._players.hold(
                created.players[seat].id,
                seek_hold(created.deck, claim.pool, claim.nonces[seat]),
                hold,
            )
            is None
            for seat in SEATS
        ]
        if not all(swapped):
            _, entries = await self._logs.attach(created.match)
            if not entries:  # else another process has carried it out, and it is over by now
                await self._undo(claim, swapped)
            await self.seeks[created.deck].claim_done(created.match)
            return None
        events = (created,)
        begun, at = await self._logs.create(
            created.match, claim.nonce, events, created.limits.ready_ms
        )
        await self.seeks[created.deck].claim_done(created.match)
        if not begun:
            return await self._matches.attach(created.match)
        return self._matches.adopt(created.match, StoredEntry(claim.nonce, at, events))

    async def _undo(self, claim: Claim, swapped: list[bool]) -> None:
        """An abort that nobody is charged for: who was free seeks on, waited time kept."""
        created, sought = claim.created, claim.created.sought
        for seat in SEATS:
            player, nonce = created.players[seat], new_nonce()
            hold = seek_hold(created.deck, claim.pool, nonce)
            if not swapped[seat] or sought is None:
                continue
            if await self._players.hold(player.id, match_hold(created.match), hold) is None:
                again = Seek(player, nonce, None)
                await self.seeks[created.deck].add(claim.pool, again, sought.since[seat])
