"""What may happen next in a match: `decide` turns a command into events, or refuses."""

from collections.abc import Callable
from typing import Final, TypeAlias, assert_never

from msgspec import Struct

from server.core.elo import RatingChange
from server.core.events import (
    AnswerTaken,
    CountdownStarted,
    Ending,
    Event,
    MatchEnded,
    RoundClosed,
    RoundOpened,
    SeatConnected,
    SeatDisconnected,
    SeatReady,
    SeatTold,
    Settled,
)
from server.core.ids import SEATS, BySeat, ProcessId, Seat, other
from server.core.match import Match, Phase, apply
from server.core.outcome import Outcome, Why, win_of
from server.core.refusal import Reason, Refused

GRACE_MS: Final = 300
"""A round closes this long after its limit, so that an answer on its way counts."""


class Tell(Struct, frozen=True, gc=False):
    """The pairing has been written to a socket of this seat's player."""

    seat: Seat


class Connect(Struct, frozen=True, gc=False):
    """A socket of this seat's player is here, at `process`."""

    seat: Seat
    process: ProcessId


class Disconnect(Struct, frozen=True, gc=False):
    """The last socket of this seat at `process` has been gone for `away_ms`."""

    seat: Seat
    process: ProcessId
    away_ms: int


class LoseProcess(Struct, frozen=True, gc=False):
    """A process has died, and every socket it held with it."""

    process: ProcessId


class GetReady(Struct, frozen=True, gc=False):
    """This seat's page is loaded."""

    seat: Seat


class Answer(Struct, frozen=True, gc=False):
    """A choice (0 to 3) for a round, with the server's own measure of its time.

    `elapsed_ms` is the measured reaction time, `credit_ms` the most that may be
    taken off it for the network.
    """

    seat: Seat
    round: int
    choice: int
    elapsed_ms: int
    credit_ms: int


class Resign(Struct, frozen=True, gc=False):
    """This seat gives up."""

    seat: Seat


class Settle(Struct, frozen=True, gc=False):
    """The result is stored, with these numbers, at this time (Redis ms), of this ending.

    `ending` is None where it was not stored: then it is the one of the log.
    """

    ratings: BySeat[RatingChange] | None
    settled_at_ms: int
    ending: Ending | None = None


class Tick(Struct, frozen=True, gc=False):
    """Nobody said anything: only time has passed."""


Command: TypeAlias = (
    Tell | Connect | Disconnect | LoseProcess | GetReady | Answer | Resign | Settle | Tick
)


class Decision(Struct, frozen=True, gc=False):
    """The events to append together; empty when the command changes nothing.

    `states` are those after each event if the entry's instant is `at`; `state` is the
    last of them, and `due` when it goes on by itself. `not_before` is the match time before
    which the append must be turned down, because a deadline in it would not have passed:
    clocks here are only estimates.
    """

    events: tuple[Event, ...]
    states: tuple[Match, ...]
    state: Match
    due: int | None
    at: int
    not_before: int = 0


def decide(match: Match, command: Command, now: int) -> Decision:
    """The events that `command` brings about at match time `now`.

    Whatever is due by then happens too, after the command: an answer that was
    here in time is never lost to a deadline that passes in the same moment.

    Raises:
        Refused: the rules forbid the command in this state.
    """
    events: list[Event] = []
    states: list[Match] = []
    not_before = 0
    following = _answer_to(match, command)
    while True:
        for event in following:
            match = apply(match, event, now)
            events.append(event)
            states.append(match)
        step = _next_step(match)
        if step is None or step[0] > now:
            due = None if step is None else step[0]
            return Decision(tuple(events), tuple(states), match, due, now, not_before)
        at, what = step
        not_before = max(not_before, at)
        following = what(match)


def due(match: Match) -> int | None:
    """The match time at which something happens by itself; None when over."""
    step = _next_step(match)
    return None if step is None else step[0]


def round_closes_at(match: Match) -> int:
    """The match time at which answers to the open round end being taken at all."""
    return match.phase_at + match.limits.round_ms + GRACE_MS


def _answer_to(match: Match, command: Command) -> tuple[Event, ...]:
    match command:
        case Answer():
            return (take_answer(match, command),)
        case Tell(seat):
            waits = match.phase is Phase.GATHERING and not match.seats[seat].told
            return (SeatTold(seat),) if waits else ()
        case Connect(seat, process):
            here = match.phase is Phase.OVER or match.seats[seat].process == process
            return () if here else (SeatConnected(seat, process),)
        case Disconnect(seat, process, away_ms):
            held = match.phase is not Phase.OVER and match.seats[seat].process == process
            return (SeatDisconnected(seat, away_ms),) if held else ()
        case LoseProcess(process):
            if match.phase is Phase.OVER:
                return ()
            lost = (seat for seat in SEATS if match.seats[seat].process == process)
            return tuple(SeatDisconnected(seat, 0) for seat in lost)
        case GetReady(seat):
            _not_over(match)
            waits = match.phase is Phase.GATHERING and not match.seats[seat].ready
            return (SeatReady(seat),) if waits else ()
        case Resign(seat):
            _not_over(match)
            return (_leave(match, seat, Why.RESIGNED),)
        case Settle(ratings, settled_at_ms, ending):
            waits = match.phase is Phase.OVER and match.settled is None
            instead = None if ending == match.ending else ending
            return (Settled(ratings, settled_at_ms, instead),) if waits else ()
        case Tick():
            return ()
        case _:
            assert_never(command)


def take_answer(match: Match, answer: Answer) -> AnswerTaken:
    """A seat's only answer to the open round.

    Raises:
        Refused: the match is over; the seat has answered this round already; the
            round is not the open one; or its credited time is not under the limit.
    """
    _not_over(match)
    if 1 <= answer.round <= len(match.rounds):
        first = match.rounds[answer.round - 1].answers[answer.seat]
        if first is not None:
            detail = "Your first answer to this round counts."
            raise Refused(Reason.ALREADY_ANSWERED, detail, choice=first.choice)
    current = match.current
    if match.phase is not Phase.OPEN or current is None or answer.round != current.number:
        raise Refused(Reason.NOT_OPEN, "This round is not open.")
    credit_ms = min(answer.credit_ms, answer.elapsed_ms)
    elapsed_ms = answer.elapsed_ms - credit_ms
    if elapsed_ms >= match.limits.round_ms:
        raise Refused(Reason.NOT_OPEN, "Time was up for this round.")
    return AnswerTaken(answer.round, answer.seat, answer.choice, elapsed_ms, credit_ms)


def _not_over(match: Match) -> None:
    if match.phase is Phase.OVER:
        raise Refused(Reason.OVER, "This match is over.")


def _leave(match: Match, seat: Seat, why: Why) -> MatchEnded:
    """The end when one seat leaves: an abort until the first answer is in the log."""
    if match.answered:
        return MatchEnded(win_of(other(seat)), why)
    return MatchEnded(Outcome.ABORTED, why, charged=(seat,))


Step: TypeAlias = tuple[int, Callable[[Match], tuple[Event, ...]]]
"""What happens next without a command: its match time, and the rule that gives its events."""


def _next_step(match: Match) -> Step | None:
    """The next step, None when the match is over."""
    if match.phase is Phase.OVER:
        return None
    if match.phase is Phase.GATHERING:
        return _gate(match)
    step = _course(match)
    leaving = _forfeit(match)
    return leaving if leaving is not None and leaving[0] < step[0] else step


def _gate(match: Match) -> Step:
    """The ready gate: it opens when both came, and shuts after its time."""
    if all(seat.ready and seat.connected for seat in match.seats):
        return match.phase_at, _start
    return match.phase_at + match.limits.ready_ms, _shut_gate


def _start(_: Match) -> tuple[Event, ...]:
    return (CountdownStarted(),)


def _shut_gate(match: Match) -> tuple[Event, ...]:
    """Whoever did not come is charged, if he had been told at all."""
    absent = (s for s in SEATS if not (match.seats[s].ready and match.seats[s].connected))
    charged = tuple(seat for seat in absent if match.seats[seat].told)
    return (MatchEnded(Outcome.ABORTED, Why.NO_SHOW, charged),)


def _course(match: Match) -> Step:
    """The course of the rounds: opening, closing, the end after the last."""
    if match.phase is Phase.COUNTDOWN:
        return match.phase_at + match.limits.countdown_ms, _open_next
    if match.phase is Phase.REVEAL:
        return match.phase_at + match.limits.reveal_ms, _open_next
    if None not in match.rounds[-1].answers:
        return match.phase_at, _close
    return round_closes_at(match), _close


def _open_next(match: Match) -> tuple[Event, ...]:
    return (RoundOpened(len(match.rounds) + 1),)


def _close(match: Match) -> tuple[Event, ...]:
    """The open round closes, and with the last one the match ends."""
    number = len(match.rounds)
    close = RoundClosed(number)
    if number < match.length:
        return (close,)
    return close, _finish(apply(match, close, match.phase_at))


def _finish(match: Match) -> MatchEnded:
    """The result of a match played through: higher total wins, equal totals draw."""
    if not match.answered:
        return MatchEnded(Outcome.ABORTED, Why.ABANDONED, charged=SEATS)
    first, second = match.totals
    if first == second:
        return MatchEnded(Outcome.DRAW, Why.PLAYED)
    return MatchEnded(win_of(0 if first > second else 1), Why.PLAYED)


def _forfeit(match: Match) -> Step | None:
    """Away for too long in a row: a loss if the other is there.

    With both away the match waits: a return forfeits the other once he is past his
    time, and both past it ends the match without a winner.
    """
    first, second = match.seats
    if first.away_since is not None and second.away_since is not None:
        latest = max(first.away_since, second.away_since)
        return latest + match.limits.forfeit_ms, _abandon
    if first.away_since is not None:
        return first.away_since + match.limits.forfeit_ms, _forfeit_of_first
    if second.away_since is not None:
        return second.away_since + match.limits.forfeit_ms, _forfeit_of_second
    return None


def _abandon(match: Match) -> tuple[Event, ...]:
    return (MatchEnded(Outcome.ABORTED, Why.ABANDONED, () if match.answered else SEATS),)


def _forfeit_of_first(match: Match) -> tuple[Event, ...]:
    return (_leave(match, 0, Why.FORFEIT),)


def _forfeit_of_second(match: Match) -> tuple[Event, ...]:
    return (_leave(match, 1, Why.FORFEIT),)
