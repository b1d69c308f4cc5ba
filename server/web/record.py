"""The record of a match as the HTTP call gives it: for ever, and only what is public."""

from msgspec import Struct

from server.core.elo import RatingChange
from server.core.ids import BySeat, PlayerId, Seat
from server.core.match import Match, Phase, Round
from server.play.views import provisional_after, resembles, totals_after
from server.store.players import Players, Shown


class RecordPlayer(Struct, frozen=True):
    """A player as seated; one who is `deleted` has no page any more."""

    id: str
    name: str
    rating: int
    provisional: bool
    bot: bool
    practice: bool
    deleted: bool


class RecordAnswer(Struct, frozen=True):
    """An answer; `elapsed_ms` is what was scored, `credit_ms` had been taken off before."""

    choice: int
    elapsed_ms: int
    credit_ms: int
    points: int


class RecordRound(Struct, frozen=True):
    """One round that may be shown."""

    round: int
    card: str
    prompt: str
    choices: tuple[str, str, str, str]
    correct: int
    explanation: str
    answers: BySeat[RecordAnswer | None]
    totals: BySeat[int]


class RecordResult(Struct, frozen=True):
    """How it ended."""

    outcome: str
    reason: str
    totals: BySeat[int]


class MatchRecord(Struct, frozen=True):
    """A match: what has been played of it and may be known by anybody."""

    id: str
    deck: str
    title: str
    rated: bool
    unrated_because: str | None
    k_share: float
    phase: str
    round: int
    length: int
    finished_at_ms: int | None
    players: BySeat[RecordPlayer]
    rounds: tuple[RecordRound, ...]
    result: RecordResult | None
    ratings: BySeat[RatingChange] | None
    provisional_after: BySeat[bool] | None
    resembles: int | None


class MatchSummary(Struct, frozen=True):
    """A finished match in a player's list."""

    id: str
    deck: str
    title: str
    rated: bool
    finished_at_ms: int | None
    seat: Seat | None
    players: BySeat[RecordPlayer]
    result: RecordResult | None
    ratings: BySeat[RatingChange] | None


async def names_in(match: Match, players: Players) -> BySeat[Shown]:
    """What the players of a match are called by now."""
    one, two = await players.shown([player.id for player in match.created.players])
    return one, two


def record_of(match: Match, names: BySeat[Shown]) -> MatchRecord:
    """The record; of a live match only its closed rounds.

    `names` are those that the players have by now. A round that the end cut short is shown
    with the others: nobody can answer it any more.
    """
    created = match.created
    shown = match.rounds if match.phase is Phase.OVER else match.closed
    return MatchRecord(
        id=created.match,
        deck=created.deck,
        title=created.title,
        rated=created.rated,
        unrated_because=created.unrated_because,
        k_share=created.k_share if created.rated else 0,
        phase=match.phase,
        round=len(match.rounds),
        length=match.length,
        finished_at_ms=match.settled.settled_at_ms if match.settled else None,
        players=_players(match, names),
        rounds=tuple(_round(match, round_) for round_ in shown),
        result=_result(match),
        ratings=match.settled.ratings if match.settled else None,
        provisional_after=provisional_after(match),
        resembles=resembles(match) if match.settled else None,
    )


def summary_of(match: Match, player: PlayerId, names: BySeat[Shown]) -> MatchSummary:
    """The record without its rounds, from the seat of `player`.

    `names` are those that the players have by now.
    """
    created = match.created
    return MatchSummary(
        id=created.match,
        deck=created.deck,
        title=created.title,
        rated=created.rated,
        finished_at_ms=match.settled.settled_at_ms if match.settled else None,
        seat=match.seat_of(player),
        players=_players(match, names),
        result=_result(match),
        ratings=match.settled.ratings if match.settled else None,
    )


def _players(match: Match, names: BySeat[Shown]) -> BySeat[RecordPlayer]:
    def view(seat: Seat) -> RecordPlayer:
        player = match.created.players[seat]
        standing = player.standing
        return RecordPlayer(
            player.id,
            names[seat].name,
            standing.rating,
            standing.provisional,
            player.bot,
            player.practice,
            names[seat].deleted,
        )

    return view(0), view(1)


def _result(match: Match) -> RecordResult | None:
    if match.ended is None or match.settled is None:
        return None
    return RecordResult(match.ended.outcome, match.ended.why, match.totals)


def _round(match: Match, round_: Round) -> RecordRound:
    card = match.card(round_.number)

    def view(seat: Seat) -> RecordAnswer | None:
        answer = round_.answers[seat]
        if answer is None:
            return None
        return RecordAnswer(answer.choice, answer.elapsed_ms, answer.credit_ms, round_.points[seat])

    return RecordRound(
        round=round_.number,
        card=card.card,
        prompt=card.prompt,
        choices=card.choices,
        correct=card.correct,
        explanation=card.explanation,
        answers=(view(0), view(1)),
        totals=totals_after(match, round_.number),
    )
