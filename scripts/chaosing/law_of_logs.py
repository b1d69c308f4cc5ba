"""The laws of a match: its log is one whole, and its players were told what it says."""

import itertools
from collections.abc import Iterable, Sequence
from typing import Final, assert_never

from msgspec import UNSET
from msgspec.structs import replace

from scripts.chaosing.judge import Judge, Law
from scripts.chaosing.told import OfMatch, Told, acknowledged
from server.core.events import AnswerTaken, MatchEnded, RoundClosed, RoundOpened, Settled
from server.core.ids import Seat, other
from server.core.match import CorruptLog, Match, Round, fold
from server.core.outcome import Outcome, Why, win_of
from server.play.views import match_over
from server.store.log import StoredEntry
from server.wire import messages as wire

BACK_MS: Final = 100
"""Match time comes back by no more: an entry's instant may lie 50 ms back, and so may a pause."""
OPENED, ANSWERED, CLOSED = range(3)
"""The stages of a round; a place in a match is 3·round + stage."""
START: Final = CLOSED
"""As after a round 0."""
OVER: Final = 3 * 1_000


def judge_log(judge: Judge, match: str, entries: Sequence[StoredEntry]) -> Match | None:
    """Hold a log against the laws of its own; the match that it tells, None for none."""
    nonces = {stored.nonce for stored in entries}
    judge.hold(Law.CONTIGUOUS, f"{match}: an entry is there twice", so=len(nonces) == len(entries))
    for before, after in itertools.pairwise(entries):
        back_ms = before.at - after.at
        what = f"{match}: match time came back by {back_ms} ms"
        judge.hold(Law.CONTIGUOUS, what, so=back_ms <= BACK_MS)
    try:
        state = fold(stored.entry for stored in entries)
    except CorruptLog as error:
        judge.hold(Law.CONTIGUOUS, f"{match}: {error}", so=False)
        return None
    named = state.created.match == match
    judge.hold(Law.CONTIGUOUS, f"{match}: the log is of {state.created.match}", so=named)
    _judge_sequence(judge, match, entries)
    return state


def _judge_sequence(judge: Judge, match: str, entries: Iterable[StoredEntry]) -> None:
    """Rounds go by number, each seat answers once in an open one, and the end is last."""
    opened = closed = 0
    answered, ended, settled = set[Seat](), 0, 0
    for stored in entries:
        for event in stored.events:
            so = not settled
            match event:
                case RoundOpened(number):
                    so = so and not ended and opened == closed and number == opened + 1
                    opened, answered = number, set()
                case AnswerTaken(round=number, seat=seat):
                    so = so and not ended and number == opened == closed + 1
                    so = so and seat not in answered
                    answered.add(seat)
                case RoundClosed(number):
                    so = so and not ended and number == opened == closed + 1
                    closed = number
                case MatchEnded():
                    so, ended = so and not ended, 1
                case Settled():
                    so, settled = so and ended == 1, 1
                case _:
                    pass
            judge.hold(Law.CONTIGUOUS, f"{match}: {event} out of its turn", so=so)


def judge_told(judge: Judge, match: str, state: Match | None, told: Sequence[Told]) -> None:
    """Hold what was told of a match against what its log says; `state` None where there is none."""
    there = judge.hold(Law.TOLD, f"{match} was told of, but there is no log", so=state is not None)
    if state is None or not there:
        return
    places: dict[tuple[str, int], int] = {}
    result: wire.MatchOver | None = None
    for heard in told:
        message, seat = heard.message, state.seat_of(heard.player)
        what = f"{match}: {heard.player} was told on socket {heard.socket}: {message}"
        judge.hold(Law.TOLD, what, so=_is_so(state, seat, message))
        if _acknowledges(message):
            judge.hold(Law.ACKNOWLEDGED, what, so=_stands(state, seat, message))
        before = places.get((heard.player, heard.socket))
        place = _place(message)
        if place is not None:
            what = f"{what}, at place {before}"
            judge.hold(Law.ORDER, what, so=_follows(before, place, message))
            places[heard.player, heard.socket] = place
        if (over := _result(message)) is not None:
            result = over if result is None else result
            judge.hold(Law.ONE_RESULT, f"{what}, before it was {result}", so=over == result)


def _acknowledges(message: OfMatch) -> bool:
    """Whether it tells a player that something which he did counts."""
    match message:
        case wire.Done() | wire.ChallengeChanged():
            return True
        case wire.AnswerTaken():
            return message.choice is not UNSET
        case wire.MatchView():
            return message.my_choice is not None
        case _:
            return False


def _stands(state: Match, seat: Seat | None, message: OfMatch) -> bool:
    """Whether the log has what a player was told that he did."""
    match message:
        case wire.Done() if seat is not None and acknowledged(message) == "ready":
            return state.seats[seat].ready
        case wire.Done() if seat is not None and acknowledged(message) == "resign":
            won = MatchEnded(win_of(other(seat)), Why.RESIGNED)
            return state.ended in {won, MatchEnded(Outcome.ABORTED, Why.RESIGNED, (seat,))}
        case wire.ChallengeChanged(to=wire.Opponent(id=taker), by=by):
            players = {player.id for player in state.created.players}
            return seat is not None and players == {by.id, taker}
        case wire.AnswerTaken():
            return _is_so_of_answer(state, seat, message)
        case wire.MatchView() if seat is not None:
            answer = _answer(state, message.round, seat)
            return answer is not None and answer.choice == message.my_choice
        case _:
            return False


def _is_so(state: Match, seat: Seat | None, message: OfMatch) -> bool:
    """Whether the log says what a player of `seat` was told."""
    match message:
        case wire.Paired():
            opponent = None if seat is None else state.created.players[other(seat)].id
            return message.seat == seat and message.opponent.id == opponent
        case wire.RoundOpened(round=number):
            if number > len(state.rounds):
                return False
            card = state.card(number)
            return (message.prompt, message.choices) == (card.prompt, card.choices)
        case wire.AnswerTaken():
            return _is_so_of_answer(state, seat, message)
        case wire.RoundClosed() | wire.ClosedRound():
            return _is_so_of_close(state, message)
        case wire.MatchOver():
            return replace(message, ref=UNSET) == match_over(state)
        case wire.MatchView():
            return _is_so_of_view(state, seat, message)
        case wire.Done() | wire.ChallengeChanged():
            return True  # they tell of a command alone
        case _:
            assert_never(message)


def _answer(state: Match, number: int, seat: Seat) -> AnswerTaken | None:
    return None if number > len(state.rounds) else state.rounds[number - 1].answers[seat]


def _is_so_of_answer(state: Match, seat: Seat | None, taken: wire.AnswerTaken) -> bool:
    answer = _answer(state, taken.round, taken.seat)
    if answer is None or taken.choice is UNSET:
        return answer is not None
    told = taken.seat, taken.choice, taken.elapsed_ms
    return told == (seat, answer.choice, answer.elapsed_ms)


def _is_so_of_close(state: Match, closed: wire.RoundClosed | wire.ClosedRound) -> bool:
    if closed.round > len(state.closed):
        return False
    round_ = state.rounds[closed.round - 1]
    played = state.rounds[: closed.round]
    totals = sum(r.points[0] for r in played), sum(r.points[1] for r in played)
    answers = _view(round_, 0), _view(round_, 1)
    correct = state.card(closed.round).correct
    return (closed.correct, closed.answers, closed.totals) == (correct, answers, totals)


def _view(round_: Round, seat: Seat) -> wire.AnswerView | None:
    answer = round_.answers[seat]
    if answer is None:
        return None
    return wire.AnswerView(answer.choice, answer.elapsed_ms, round_.points[seat])


def _is_so_of_view(state: Match, seat: Seat | None, view: wire.MatchView) -> bool:
    """The parts of a snapshot: who plays, each closed round, the result."""
    players = tuple(player.id for player in state.created.players)
    return (
        view.seat == seat
        and tuple(there.player for there in view.seats) == players
        and all(_is_so_of_close(state, closed) for closed in view.closed)
        and (view.result is None or _is_so(state, seat, view.result))
    )


def _result(message: OfMatch) -> wire.MatchOver | None:
    match message:
        case wire.MatchOver():
            return replace(message, ref=UNSET)
        case wire.MatchView():
            return message.result
        case _:
            return None


def _place(message: OfMatch) -> int | None:
    """How far a match has come by this message; None where it does not say."""
    match message:
        case wire.RoundOpened():
            return 3 * message.round + OPENED
        case wire.AnswerTaken():
            return 3 * message.round + ANSWERED
        case wire.RoundClosed():
            return 3 * message.round + CLOSED
        case wire.MatchOver():
            return OVER
        case wire.MatchView(phase="open"):
            return 3 * message.round + OPENED
        case wire.MatchView(phase="reveal"):
            return 3 * message.round + CLOSED
        case wire.MatchView(phase="over"):
            return OVER if message.result is not None else OVER - 1
        case wire.MatchView():
            return START
        case _:
            return None


def _follows(before: int | None, place: int, message: OfMatch) -> bool:
    """Whether a message may come next on a socket that is at `before`; None: has not entered."""
    if isinstance(message, wire.MatchView):
        return before is None or place >= before - ANSWERED
    if before is None:
        return False
    match message:
        case wire.RoundOpened():
            return before == place - OPENED - 1
        case wire.AnswerTaken():
            return before in {place - ANSWERED, place}
        case wire.RoundClosed():
            return before in {place - CLOSED, place - CLOSED + ANSWERED}
        case _:
            return before < OVER
