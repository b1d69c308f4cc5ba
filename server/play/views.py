"""States and events as messages: what each audience may see of a match, and no more."""

from collections.abc import Sequence
from typing import TypeVar

from msgspec.structs import replace

from server.core.elo import Stake, advance, performance, stake
from server.core.events import AnswerTaken, Player
from server.core.ids import SEATS, BySeat, Seat, other
from server.core.match import Match, Phase, Round
from server.core.outcome import Outcome
from server.store.ladder import BoardRow
from server.wire import messages as wire
from server.wire.client import Ref

Reply = TypeVar("Reply", bound=wire.ServerMap)


def snapshot(
    match: Match,
    seat: Seat | None,
    now: int,
    watchers: int = 0,
    names: Sequence[str] | None = None,
) -> wire.MatchView:
    """The whole match as `seat` (None: a spectator) may see it at match time `now`.

    `names`, by seat, are those that the players have by now; without, those they play under.
    """
    created, current = match.created, match.current
    asked = match.card(current.number) if current is not None else None
    mine = current.answers[seat] if current is not None and seat is not None else None
    one, two = seat_view(match, 0, now), seat_view(match, 1, now)
    if names is not None:
        one, two = replace(one, name=names[0]), replace(two, name=names[1])
    return wire.MatchView(
        match=created.match,
        deck=created.deck,
        title=created.title,
        rated=created.rated,
        unrated_because=created.unrated_because,
        k_share=created.k_share if created.rated else 0,
        stake=stake_of(match, seat),
        seat=seat,
        phase=match.phase,
        rounds=match.length,
        round=current.number if current is not None else 0,
        limit_ms=match.limits.round_ms,
        left_ms=left_ms(match, now),
        prompt=asked.prompt if asked else None,
        choices=asked.choices if asked else None,
        seats=(one, two),
        my_choice=mine.choice if mine is not None else None,
        closed=tuple(_closed_round(match, round_) for round_ in match.closed),
        result=match_over(match),
        watchers=watchers,
    )


def left_ms(match: Match, now: int) -> int:
    """Milliseconds to the end of the phase; 0 when over.

    Of an open round it is what is left to answer, which ends before the round's grace.
    """
    limits = match.limits
    length = {
        Phase.GATHERING: limits.ready_ms,
        Phase.COUNTDOWN: limits.countdown_ms,
        Phase.OPEN: limits.round_ms,
        Phase.REVEAL: limits.reveal_ms,
        Phase.OVER: 0,
    }[match.phase]
    return max(0, min(length, match.phase_at + length - now))


def stake_of(match: Match, seat: Seat | None) -> Stake | None:
    """What the match would change for a seat; None for a spectator, or unrated."""
    created = match.created
    if seat is None or not created.rated:
        return None
    opponent = created.players[other(seat)]
    return stake(created.players[seat].standing, opponent.standing.rating, created.k_share)


def seat_view(match: Match, seat: Seat, now: int) -> wire.SeatView:
    """One seat as everybody may see it."""
    player, state, current = match.created.players[seat], match.seats[seat], match.current
    answered = current is not None and current.answers[seat] is not None
    return wire.SeatView(
        player=player.id,
        name=player.name,
        rating=player.standing.rating,
        provisional=player.standing.provisional,
        bot=player.bot,
        practice=player.practice,
        total=match.totals[seat],
        ready=state.ready,
        connected=state.connected,
        answered=answered,
        forfeit_in_ms=forfeit_in_ms(match, seat, now),
    )


def forfeit_in_ms(match: Match, seat: Seat, now: int) -> int | None:
    """How long an absent seat has left; None while it is connected or nothing hangs on it."""
    state = match.seats[seat]
    if state.connected or match.phase is Phase.OVER:
        return None
    if match.phase is Phase.GATHERING or state.away_since is None:
        return left_ms(match, now)
    return max(0, state.away_since + match.limits.forfeit_ms - now)


def seat_changed(match: Match, seat: Seat, now: int) -> wire.SeatChanged:
    """A seat came, went or is ready."""
    state = match.seats[seat]
    return wire.SeatChanged(
        match=match.created.match,
        seat=seat,
        ready=state.ready,
        connected=state.connected,
        forfeit_in_ms=forfeit_in_ms(match, seat, now),
    )


def countdown_started(match: Match, now: int) -> wire.CountdownStarted:
    """Round 1 is about to open."""
    return wire.CountdownStarted(match=match.created.match, opens_in_ms=left_ms(match, now))


def round_opened(match: Match, now: int) -> wire.RoundOpened:
    """The question of the latest round: without the right choice."""
    number = len(match.rounds)
    card = match.card(number)
    return wire.RoundOpened(
        match=match.created.match,
        round=number,
        rounds=match.length,
        prompt=card.prompt,
        choices=card.choices,
        limit_ms=match.limits.round_ms,
        left_ms=left_ms(match, now),
    )


def answer_taken(match: Match, event: AnswerTaken) -> wire.AnswerTaken:
    """Who has answered; never what."""
    return wire.AnswerTaken(match=match.created.match, round=event.round, seat=event.seat)


def own_answer_taken(match: Match, event: AnswerTaken) -> wire.AnswerTaken:
    """For the sockets of the player who answered: also what, and in which time."""
    return wire.AnswerTaken(
        match=match.created.match,
        round=event.round,
        seat=event.seat,
        choice=event.choice,
        elapsed_ms=event.elapsed_ms,
    )


def round_closed(match: Match, now: int) -> wire.RoundClosed:
    """What was right, both answers and the score of the latest round."""
    round_ = match.rounds[-1]
    last = round_.number == match.length
    return wire.RoundClosed(
        match=match.created.match,
        round=round_.number,
        correct=match.card(round_.number).correct,
        answers=_answers(round_),
        totals=match.totals,
        next_in_ms=None if last else max(0, match.phase_at + match.limits.reveal_ms - now),
    )


def match_over(match: Match) -> wire.MatchOver | None:
    """The result, once it is stored."""
    if match.ended is None or match.settled is None:
        return None
    return wire.MatchOver(
        match=match.created.match,
        outcome=match.ended.outcome,
        reason=match.ended.why,
        totals=match.totals,
        ratings=match.settled.ratings,
        provisional_after=provisional_after(match),
        resembles=resembles(match),
    )


def provisional_after(match: Match) -> BySeat[bool] | None:
    """Whether each new rating still carries its question mark; None where none moved.

    One live rated match per player: between the pairing and the settlement nothing else counts.
    """
    if match.settled is None or match.settled.ratings is None:
        return None
    one, two = (
        advance(player.standing, change).provisional
        for player, change in zip(match.created.players, match.settled.ratings, strict=True)
    )
    return one, two


def resembles(match: Match) -> int | None:
    """The rating that a player's result against a practice opponent speaks for."""
    ended = match.ended
    if ended is None or ended.outcome is Outcome.ABORTED:
        return None
    for seat in SEATS:
        opponent = match.created.players[other(seat)]
        if opponent.practice:
            score = ended.outcome.score
            return performance(opponent.standing.rating, score if seat == 0 else 1 - score)
    return None


def opponent(player: Player) -> wire.Opponent:
    """A player as another one sees them."""
    standing = player.standing
    return wire.Opponent(
        id=player.id,
        name=player.name,
        rating=standing.rating,
        provisional=standing.provisional,
        bot=player.bot,
        practice=player.practice,
    )


def paired(match: Match, seat: Seat, now: int) -> wire.Paired:
    """A match was made, as the player of `seat` is told."""
    created = match.created
    own = created.players[seat]
    return wire.Paired(
        match=created.match,
        deck=created.deck,
        title=created.title,
        rated=created.rated,
        seat=seat,
        rating=own.standing.rating,
        provisional=own.standing.provisional,
        opponent=opponent(created.players[other(seat)]),
        stake=stake_of(match, seat),
        k_share=created.k_share if created.rated else 0,
        unrated_because=created.unrated_because,
        ready_in_ms=left_ms(match, now),
    )


def ladder_row(row: BoardRow, name: str) -> wire.LadderRow:
    """A row of the board as clients get it."""
    record = row.record
    return wire.LadderRow(
        rank=row.rank,
        player=row.player,
        name=name,
        rating=record.rating,
        provisional=record.standing.provisional,
        matches=record.matches,
        change=row.change,
    )


def replied(message: Reply, ref: Ref) -> Reply:
    """The message as the direct reply to a command with this `ref`."""
    return message if ref is None else replace(message, ref=ref)


def _answers(round_: Round) -> BySeat[wire.AnswerView | None]:
    def view(seat: Seat) -> wire.AnswerView | None:
        answer = round_.answers[seat]
        if answer is None:
            return None
        return wire.AnswerView(answer.choice, answer.elapsed_ms, round_.points[seat])

    return view(0), view(1)


def _closed_round(match: Match, round_: Round) -> wire.ClosedRound:
    card = match.card(round_.number)
    return wire.ClosedRound(
        match=match.created.match,
        round=round_.number,
        correct=card.correct,
        answers=_answers(round_),
        totals=totals_after(match, round_.number),
        next_in_ms=None,
        prompt=card.prompt,
        choices=card.choices,
        card=card.card,
    )


def totals_after(match: Match, number: int) -> BySeat[int]:
    """Both totals once round `number` was closed."""
    played = match.rounds[:number]
    return sum(r.points[0] for r in played), sum(r.points[1] for r in played)
