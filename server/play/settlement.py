"""Settles ended matches, exactly once: ratings, counts, charges, then the log itself."""

import asyncio
import contextlib
import logging
from typing import Final

from msgspec.structs import replace

from deck.cards import CardId
from server.core.commands import Settle
from server.core.elo import RatingChange, advance, rate
from server.core.ids import SEATS, BySeat, MatchId, PlayerId, Seat, other
from server.core.match import Match, Round
from server.core.outcome import Outcome, Went, streak_after, went_of
from server.core.refusal import Refused
from server.play.matches import Matches
from server.store.ladder import (
    CardRound,
    Commit,
    Ladder,
    PersonAnswers,
    Record,
    Settlement,
    StoredResult,
    decode_record,
)
from server.store.link import Unavailable
from server.store.log import MatchLogs
from server.store.players import Players, match_hold
from server.store.practised import Practised

log: Final = logging.getLogger(__name__)


class Settling:
    """Drains the ended matches. A repeat, here or elsewhere, changes nothing.

    A match is being settled by this process at most once at a time.
    """

    def __init__(
        self,
        matches: Matches,
        logs: MatchLogs,
        ladders: dict[str, Ladder],
        players: Players,
        practised: Practised,
    ) -> None:
        self._matches: Final = matches
        self._logs: Final = logs
        self._ladders: Final = ladders
        self._players: Final = players
        self._practised: Final = practised
        self._busy: Final[set[MatchId]] = set()

    async def settle(self, match: MatchId) -> Match | None:
        """Settle one match; None where it cannot be done now: the sweeper brings it again."""
        if match in self._busy:
            return None
        self._busy.add(match)
        try:
            return await self._settle(match)
        except Unavailable:
            return None
        except Refused:
            with contextlib.suppress(Unavailable):  # else the sweeper brings it again
                await self._logs.drop_work(match)
            return None
        finally:
            self._busy.discard(match)

    async def _settle(self, match: MatchId) -> Match | None:
        live = await self._matches.attach(match)
        state = live.state
        if state.settled is not None:
            await self._logs.drop_work(match)
        if state.ended is None or state.settled is not None:
            return None
        ladder = self._ladders[state.created.deck]
        settlement = await self._commit(ladder, state)
        hold = match_hold(match)
        one, two = state.created.players
        await asyncio.gather(
            self._players.hold(one.id, hold, ""),
            self._players.hold(two.id, hold, ""),
            self._practised.remove(state.created.players, match),
        )
        result = settlement.result
        stored = Settle(result.ratings, settlement.at, result.ending)
        await self._matches.perform(live, lambda _: stored)
        return live.state

    async def _commit(self, ladder: Ladder, state: Match) -> Settlement:
        """Decide on both records as they stand, and again if they moved meanwhile."""
        one, two = (player.id for player in state.created.players)
        while True:
            stored = await ladder.records((one, two))
            before = (stored[0] or b"", stored[1] or b"")
            settlement = await ladder.commit(decide_settlement(state, (one, two), before))
            if settlement is not None:
                return settlement


def decide_settlement(state: Match, players: BySeat[PlayerId], before: BySeat[bytes]) -> Commit:
    """What the result of an ended match does to both records; `before` as stored."""
    ended = state.ended
    if ended is None:
        raise ValueError("only an ended match is settled")
    records = (decode_record(before[0]), decode_record(before[1]))
    played = ended.outcome is not Outcome.ABORTED
    ratings = None
    if played and state.created.rated:
        standings = (records[0].standing, records[1].standing)
        ratings = rate(standings, ended.outcome.score, state.created.k_share)
    score = ended.outcome.score
    return Commit(
        match=state.created.match,
        players=players,
        before=before,
        after=(_after(state, 0, records[0], ratings), _after(state, 1, records[1], ratings)),
        result=StoredResult(ratings, state.ending),
        charged=(0 in ended.charged, 1 in ended.charged),
        played=played,
        cards=(_cards(state, 0), _cards(state, 1)) if played else ((), ()),
        went=(went_of(score), went_of(1 - score)) if played else ("", ""),
        answers=_answers(state) if played else (),
    )


def _cards(state: Match, seat: Seat) -> tuple[CardRound, ...]:
    """How each closed round went for a player, who may study its card next; no bot does."""
    if state.created.players[seat].bot:
        return ()
    return tuple(_card(state, seat, round_) for round_ in state.closed)


def _card(state: Match, seat: Seat, round_: Round) -> CardRound:
    return CardId(state.card(round_.number).card), round_.points[seat] > 0


def _answers(state: Match) -> tuple[PersonAnswers, ...]:
    """What people answered, which says how hard the cards are; a round let pass says nothing."""
    given = []
    for seat in SEATS:
        player = state.created.players[seat]
        cards = tuple(
            _card(state, seat, round_)
            for round_ in state.closed
            if round_.answers[seat] is not None
        )
        if cards and not player.bot:
            given.append((player.standing.rating, cards))
    return tuple(given)


def _after(
    match: Match, seat: Seat, record: Record, ratings: BySeat[RatingChange] | None
) -> Record | None:
    """A record after a match; only rated ones count, and there is none of a practice opponent."""
    if match.created.players[seat].practice:
        return None
    ended, opponent = match.ended, match.created.players[other(seat)].id
    record = replace(record, last_opponent=opponent, version=record.version + 1)
    if ratings is None or ended is None:
        return record
    change, beaten = ratings[seat], ratings[other(seat)].before
    result = went_of(ended.outcome.score if seat == 0 else 1 - ended.outcome.score)
    standing = advance(record.standing, change)
    streak = streak_after(record.streak, result)
    record = replace(
        record,
        rating=standing.rating,
        matches=standing.matches,
        peak=standing.peak,
        change=change.change,
        wins=record.wins + (result is Went.WON),
        draws=record.draws + (result is Went.DRAWN),
        losses=record.losses + (result is Went.LOST),
        streak=streak,
        best_streak=max(record.best_streak, streak),
    )
    if result is not Went.WON or beaten <= record.best_win:
        return record
    return replace(
        record, best_win=beaten, best_win_match=match.created.match, best_win_over=opponent
    )
