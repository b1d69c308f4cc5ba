"""A match as its log tells it: `fold` turns entries of events into a state."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeAlias, assert_never

from msgspec import Struct
from msgspec.structs import replace

from server.core.deal import DealtCard
from server.core.events import (
    AnswerTaken,
    CountdownStarted,
    Ending,
    Event,
    Limits,
    MatchCreated,
    MatchEnded,
    RoundClosed,
    RoundOpened,
    SeatConnected,
    SeatDisconnected,
    SeatReady,
    SeatTold,
    Settled,
)
from server.core.ids import SEATS, BySeat, PlayerId, ProcessId, Seat, with_seat
from server.core.scoring import points


class Phase(StrEnum):
    """Where a match stands; the words of the wire contract."""

    GATHERING = "gathering"
    COUNTDOWN = "countdown"
    OPEN = "open"
    REVEAL = "reveal"
    OVER = "over"


class SeatState(Struct, frozen=True, gc=False):
    """One side's presence.

    `process` holds its socket, None while it is away; `away_since` (match time) is
    set once a seat that had been connected is not.
    """

    told: bool = False
    ready: bool = False
    process: ProcessId | None = None
    away_since: int | None = None

    @property
    def connected(self) -> bool:
        """Whether a live process holds a socket of this seat."""
        return self.process is not None


class Round(Struct, frozen=True, gc=False):
    """One card being played, or played; instants in match time.

    A round that the end of the match cut short is never closed.
    """

    number: int
    opened_at: int
    closed_at: int | None = None
    answers: BySeat[AnswerTaken | None] = (None, None)
    points: BySeat[int] = (0, 0)


Entry: TypeAlias = tuple[int, tuple[Event, ...]]
"""One decision in the log: its instant (match time) and what it decided."""


class Match(Struct, frozen=True, gc=False):
    """The state of a match; `phase_at` is the match time at which its phase began."""

    created: MatchCreated
    created_at: int
    phase: Phase
    phase_at: int
    seats: BySeat[SeatState] = (SeatState(), SeatState())
    rounds: tuple[Round, ...] = ()
    totals: BySeat[int] = (0, 0)
    answered: bool = False
    ended: MatchEnded | None = None
    settled: Settled | None = None

    @property
    def limits(self) -> Limits:
        """The numbers this match is played by."""
        return self.created.limits

    @property
    def length(self) -> int:
        """How many rounds this match has."""
        return len(self.created.deal)

    @property
    def ending(self) -> Ending | None:
        """How it ended; None before."""
        return None if self.ended is None else Ending(self.ended, self.totals)

    @property
    def current(self) -> Round | None:
        """The latest round that was opened."""
        return self.rounds[-1] if self.rounds else None

    @property
    def closed(self) -> tuple[Round, ...]:
        """The rounds whose right choice may be shown."""
        return tuple(round_ for round_ in self.rounds if round_.closed_at is not None)

    def card(self, number: int) -> DealtCard:
        """The card of round `number`, counted from 1."""
        return self.created.deal[number - 1]

    def seat_of(self, player: PlayerId | None) -> Seat | None:
        """The seat a player has in this match, None for anybody else."""
        for seat in SEATS:
            if self.created.players[seat].id == player:
                return seat
        return None


def fold(entries: Iterable[Entry], match: Match | None = None) -> Match:
    """The state after `entries`, from `match` on or from the start.

    Raises:
        CorruptLog: the first event is not `MatchCreated`, or a later one is.
    """
    for at, events in entries:
        for event in events:
            match = apply(match, event, at)
    if match is None:
        msg = "an empty log has no state"
        raise CorruptLog(msg)
    return match


class CorruptLog(Exception):  # noqa: N818 - it is the log that is at fault
    """A log that no sequence of decisions can have written."""


def apply(match: Match | None, event: Event, at: int) -> Match:
    """The state after one more event of instant `at` (match time)."""
    if match is None:
        if not isinstance(event, MatchCreated):
            msg = f"the log begins with {type(event).__name__}"
            raise CorruptLog(msg)
        return Match(event, at, Phase.GATHERING, at)
    match event:
        case AnswerTaken():
            return _answered(match, event)
        case RoundClosed():
            return _closed(match, at)
        case RoundOpened(number):
            rounds = (*match.rounds, Round(number, at))
            return replace(match, phase=Phase.OPEN, phase_at=at, rounds=rounds)
        case SeatTold(seat):
            return _seated(match, seat, replace(match.seats[seat], told=True))
        case SeatConnected(seat, process):
            here = replace(match.seats[seat], told=True, process=process, away_since=None)
            return _seated(match, seat, here)
        case SeatDisconnected(seat, away_ms):
            away = replace(match.seats[seat], process=None, away_since=at - away_ms)
            return _seated(match, seat, away)
        case SeatReady(seat):
            return _seated(match, seat, replace(match.seats[seat], told=True, ready=True))
        case CountdownStarted():
            return replace(match, phase=Phase.COUNTDOWN, phase_at=at)
        case MatchEnded():
            return replace(match, phase=Phase.OVER, phase_at=at, ended=event)
        case Settled():
            return _settled(match, event)
        case MatchCreated():
            msg = "a second MatchCreated"
            raise CorruptLog(msg)
        case _:
            assert_never(event)


def _settled(match: Match, event: Settled) -> Match:
    stands = event.instead
    if stands is None:
        return replace(match, settled=event)
    return replace(match, settled=event, ended=stands.ended, totals=stands.totals)


def _seated(match: Match, seat: Seat, state: SeatState) -> Match:
    return replace(match, seats=with_seat(match.seats, seat, state))


def _latest(match: Match) -> Round:
    if not match.rounds:
        msg = "an answer or a close before any round was opened"
        raise CorruptLog(msg)
    return match.rounds[-1]


def _answered(match: Match, event: AnswerTaken) -> Match:
    round_ = _latest(match)
    answers = with_seat(round_.answers, event.seat, event)
    rounds = (*match.rounds[:-1], replace(round_, answers=answers))
    return replace(match, rounds=rounds, answered=True)


def _closed(match: Match, at: int) -> Match:
    round_ = _latest(match)
    correct, limit_ms = match.card(round_.number).correct, match.limits.round_ms

    def worth(answer: AnswerTaken | None) -> int:
        if answer is None or answer.choice != correct:
            return 0
        return points(answer.elapsed_ms, limit_ms)

    scored = (worth(round_.answers[0]), worth(round_.answers[1]))
    totals = (match.totals[0] + scored[0], match.totals[1] + scored[1])
    rounds = (*match.rounds[:-1], replace(round_, closed_at=at, points=scored))
    return replace(match, phase=Phase.REVEAL, phase_at=at, rounds=rounds, totals=totals)
