"""Hypothesis strategies for the rules: standings, seeks, and whole matches."""

from hypothesis import strategies as st

from server.core.commands import (
    Answer,
    Command,
    Connect,
    Disconnect,
    GetReady,
    LoseProcess,
    Resign,
    Settle,
    Tell,
    Tick,
)
from server.core.elo import FLOOR, Standing, rate
from server.core.events import Limits
from server.core.ids import SEATS, PlayerId, ProcessId, Seat
from server.core.pairing import Candidate
from tests.core.scenario import LATEST, Step, run

ratings = st.integers(FLOOR, 3200)
scores = st.sampled_from((1.0, 0.5, 0.0))
k_shares = st.sampled_from((1.0, 0.5))
standings = st.builds(
    lambda rating, matches, above: Standing(rating, matches, rating + above),
    ratings,
    st.integers(0, 60),
    st.integers(0, 900),
)

round_limits = st.integers(5_000, 60_000)


@st.composite
def seeks(draw: st.DrawFn, most: int) -> list[Candidate]:
    """Up to `most` seeks of different players, some of whom have just met."""
    players = [PlayerId(f"p{n}") for n in range(draw(st.integers(0, most)))]
    found = []
    for player in players:
        others = [other for other in players if other != player]
        last: st.SearchStrategy[PlayerId | None] = st.none()
        found.append(
            Candidate(
                player,
                rating=draw(st.integers(800, 2200)),
                waited_ms=draw(st.sampled_from((0, 500, 4_000, 15_000, 29_999, 30_000, 90_000))),
                bot=draw(st.integers(0, 5)) == 0,
                last_opponent=draw(last | st.sampled_from(others) if others else last),
            )
        )
    return found


raw_names = st.sampled_from(
    ("abzAÅßſİıK", "αΑΣςωᾳΐ", "аяЁй", "山田さーｶﾞ", "김철ㄱ\u1100\u1161")
).flatmap(lambda letters: st.text(letters + " -'’·07\u0301\u0345\u00a8", min_size=2, max_size=20))
"""Names of one script each, with what normalising and folding stumble over."""


def _limits(least_ms: int) -> st.SearchStrategy[Limits]:
    """Three rounds with pauses of at least so much."""
    pauses = st.sampled_from((least_ms, 1, 3_000))
    return st.builds(
        Limits,
        rounds=st.just(3),
        round_ms=st.sampled_from((1_000, 5_000, 15_000)),
        reveal_ms=pauses,
        countdown_ms=pauses,
        ready_ms=st.sampled_from((1, 10_000)),
        forfeit_ms=st.sampled_from((1, 2_000, 30_000)),
    )


limits = _limits(0)
slow_limits = _limits(1)
"""With every pause long enough to be seen."""

_seats: st.SearchStrategy[Seat] = st.sampled_from(SEATS)
_processes = st.sampled_from((ProcessId("p"), ProcessId("q")))
_times = st.sampled_from((0, 1, 300, 301, 900, 900, 999, 1_000, 4_999, 14_999, 15_000, 15_100))
_answers = st.builds(
    Answer,
    _seats,
    st.sampled_from((LATEST, LATEST, LATEST, LATEST, 0, 1, 2, 3, 4)),
    st.integers(0, 3),
    _times,
    st.sampled_from((0, 1, 250)),
)
_presence: st.SearchStrategy[Command] = st.one_of(
    st.builds(Tell, _seats),
    st.builds(Connect, _seats, _processes),
    st.builds(Disconnect, _seats, _processes, st.sampled_from((0, 2_000))),
    st.builds(LoseProcess, _processes),
    st.builds(GetReady, _seats),
)
_settled = st.builds(
    Settle,
    st.none() | st.builds(rate, st.tuples(standings, standings), scores, k_shares),
    st.integers(1, 2**41),
)
commands: st.SearchStrategy[Command] = st.integers(0, 39).flatmap(
    lambda n: (
        _settled
        if n == 0
        else st.builds(Resign, _seats)
        if n == 1
        else st.just(Tick())
        if n < 5
        else _presence
        if n < 12
        else _answers
    )
)
"""Mostly answers: a match that ends at once tells little."""

_waits = st.sampled_from((0, 0, 0, 1, 250, 700, 1_300, 3_000, 3_000, 5_300, 15_300, 30_000))


@st.composite
def courses(draw: st.DrawFn) -> list[Step]:
    """Commands in the order of their instants, often after a gate that opened."""
    steps: list[Step] = []
    at = 0
    if draw(st.integers(0, 3)):
        for seat in SEATS:
            steps += [(0, Connect(seat, ProcessId("p"))), (0, GetReady(seat))]
    for _ in range(draw(st.integers(0, 25))):
        at += draw(_waits)
        steps.append((at, draw(commands)))
    return steps


played = st.builds(
    lambda steps, numbers, on_time: run(steps, numbers, on_time=on_time),
    courses(),
    limits,
    st.booleans(),
)
"""Matches, with the timers on time or without any."""
