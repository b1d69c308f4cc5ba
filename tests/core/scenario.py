"""A tiny language for matches: who does what when, and what it comes to.

A script has one step a line, `3200 a right`: at 3.2 s seat 0 answers rightly. Between
the steps every deadline falls on time, as the timers see to; `play_late` leaves them out.

    told            the pairing is written to a socket of the seat
    comes [p]       a socket is here, at process p
    gone [ms] [p]   the last socket at p has been gone for ms (default 0)
    ready, resigns
    right[N][@ms[-ms]], wrong…   an answer to round N (default: the latest), after so
                    many ms (default: since it opened), less a credit
    lost p, settled, tick   (said of nobody)
"""

import re
from collections.abc import Iterable
from typing import Final, TypeAlias

from msgspec import Struct, structs

from server.core.commands import (
    Answer,
    Command,
    Connect,
    Decision,
    Disconnect,
    GetReady,
    LoseProcess,
    Resign,
    Settle,
    Tell,
    Tick,
    decide,
    due,
)
from server.core.deal import DealtCard
from server.core.elo import Standing, rate
from server.core.events import Event, Limits, MatchCreated, Player
from server.core.ids import BySeat, MatchId, PlayerId, ProcessId, Seat
from server.core.match import Entry, Match, Phase, fold
from server.core.refusal import Refused

Step: TypeAlias = tuple[int, Command]
LATEST: Final = -1
"""As the round of an answer in a step: whichever is the latest when it comes."""

BOTH_READY: Final = "0 a comes; 0 b comes; 0 a ready; 0 b ready;"
"""The countdown runs from 0, round 1 opens at 3000."""
TWO_ROUNDS: Final = Limits(rounds=2)

_ANSWER: Final = re.compile(r"(right|wrong)(\d*)(?:@(\d+)(?:-(\d+))?)?")


def dealt(rounds: int, correct: Iterable[int] = ()) -> tuple[DealtCard, ...]:
    """Cards that tell nothing of which choice is right; `correct` by round, else 0, 1, 2, 3, 0…"""
    given = dict(enumerate(correct))
    return tuple(
        DealtCard(f"c{n}", f"prompt {n}", ("w", "x", "y", "z"), given.get(n, n % 4), f"why {n}")
        for n in range(rounds)
    )


def created(limits: Limits = TWO_ROUNDS) -> MatchCreated:
    """Event 0 of a rated match of Ada (seat 0) and Bob."""
    return MatchCreated(
        MatchId("m"),
        "deck",
        "The deck",
        (
            Player(PlayerId("ada"), "Ada", Standing(1510, 12, 1530)),
            Player(PlayerId("bob"), "Bob", Standing(1490, 3, 1500)),
        ),
        dealt(limits.rounds),
        limits,
    )


class Played(Struct):
    """A match as far as it was played: its log, the states on the way, what was refused."""

    log: list[Entry]
    states: list[Match]
    refused: list[Refused]
    decisions: list[tuple[Command, int, Decision]]

    @property
    def match(self) -> Match:
        """Where it stands."""
        return self.states[-1]

    @property
    def events(self) -> list[Event]:
        """Everything that happened, without the instants."""
        return [event for _, events in self.log for event in events]

    @property
    def history(self) -> list[str]:
        """Everything that happened after event 0: "3000 RoundOpened"."""
        return [f"{at} {type(event).__name__}" for at, events in self.log[1:] for event in events]

    def do(self, at: int, command: Command) -> None:
        """One command, without the deadlines before it."""
        try:
            decision = decide(self.match, command, at)
        except Refused as refusal:
            self.refused.append(refusal)
            return
        self.decisions.append((command, at, decision))
        if decision.events:
            self.log.append((at, decision.events))
            self.states.append(decision.state)

    def wait_until(self, at: int) -> None:
        """Let every deadline before `at` fall on time."""
        while (deadline := due(self.match)) is not None and deadline < at:
            self.do(deadline, Tick())


def begin(limits: Limits = TWO_ROUNDS) -> Played:
    """A match just created, at 0."""
    log: list[Entry] = [(0, (created(limits),))]
    return Played(log, [fold(log)], [], [])


def play(script: str, limits: Limits = TWO_ROUNDS) -> Played:
    """Play a script with every deadline on time."""
    played = begin(limits)
    for at, words in _lines(script):
        played.wait_until(at)
        played.do(at, _command(played.match, at, words))
    return played


def play_late(script: str, limits: Limits = TWO_ROUNDS) -> Played:
    """Play a script in which no timer ever fires."""
    played = begin(limits)
    for at, words in _lines(script):
        played.do(at, _command(played.match, at, words))
    return played


def run(steps: Iterable[Step], limits: Limits, *, on_time: bool) -> Played:
    """Play commands, with the deadlines between them or without."""
    played = begin(limits)
    for at, command in steps:
        if on_time:
            played.wait_until(at)
        played.do(at, _at_the_latest(command, played.match))
    return played


def _at_the_latest(command: Command, match: Match) -> Command:
    """The command, an answer to the latest round with its number."""
    if isinstance(command, Answer) and command.round == LATEST:
        return structs.replace(command, round=len(match.rounds))
    return command


def shows(match: Match) -> str:
    """A state in words: "open 1 100:0", "over seat_1 resigned -a"."""
    totals = f"{match.totals[0]}:{match.totals[1]}"
    if match.ended is not None:
        charged = "".join(f" -{'ab'[seat]}" for seat in match.ended.charged)
        return f"over {match.ended.outcome} {match.ended.why}{charged}"
    if match.phase in {Phase.OPEN, Phase.REVEAL}:
        return f"{match.phase} {len(match.rounds)} {totals}"
    return match.phase.value


def with_limits(**changed: int) -> Limits:
    """Two rounds, with some numbers changed."""
    return structs.replace(TWO_ROUNDS, **changed)


def _lines(script: str) -> list[tuple[int, list[str]]]:
    lines = [line.split() for line in re.split(r"[;\n]", script) if line.strip()]
    return [(int(line[0]), line[1:]) for line in lines]


def _command(match: Match, at: int, words: list[str]) -> Command:
    match words:
        case ["tick"]:
            return Tick()
        case ["settled"]:
            first, second = match.created.players
            return Settle(rate((first.standing, second.standing), 1.0), 1_700_000_000_000)
        case ["lost", process]:
            return LoseProcess(ProcessId(process))
        case [who, verb, *rest]:
            seat: Seat = 0 if who == "a" else 1
            return _of_seat(match, at, seat, verb, rest)
        case _:
            raise ValueError(words)


def _of_seat(match: Match, at: int, seat: Seat, verb: str, rest: list[str]) -> Command:
    match [verb, *rest]:
        case ["told"]:
            return Tell(seat)
        case ["comes", *process]:
            return Connect(seat, ProcessId(process[0] if process else "p"))
        case ["gone", *how]:
            ago = [int(word) for word in how if word.isdigit()] or [0]
            process = [word for word in how if not word.isdigit()] or ["p"]
            return Disconnect(seat, ProcessId(process[0]), ago[0])
        case ["ready"]:
            return GetReady(seat)
        case ["resigns"]:
            return Resign(seat)
        case _:
            return _answer(match, at, seat, verb)


def _answer(match: Match, at: int, seat: Seat, verb: str) -> Answer:
    found = _ANSWER.fullmatch(verb)
    if found is None:
        raise ValueError(verb)
    kind, round_, elapsed, credit = found.groups()
    number = int(round_) if round_ else len(match.rounds)
    known = 1 <= number <= match.length
    correct = match.card(number).correct if known else 0
    return Answer(
        seat,
        number,
        correct if kind == "right" else (correct + 1) % 4,
        int(elapsed) if elapsed else at - match.phase_at,
        int(credit or 0),
    )


def points_by_seat(match: Match) -> BySeat[int]:
    """The points of all rounds, summed anew."""
    return (
        sum(round_.points[0] for round_ in match.rounds),
        sum(round_.points[1] for round_ in match.rounds),
    )
