"""Resigning, staying away, coming back and dying processes, by rows."""

import pytest

from server.core.match import Phase
from tests.core.scenario import BOTH_READY, play, play_late, shows, with_limits

TEN = with_limits(rounds=10)
"""Long enough for both to be away for a while."""
OPEN = f"{BOTH_READY} 3000 tick;"
ANSWERED = f"{OPEN} 3300 b right;"
"""The first answer is in the log: from here on, leaving loses."""


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        # before the first answer it is an abort, charged to who left
        ("5 a resigns", "over aborted resigned -a"),
        ("0 a comes; 0 b comes; 5 b resigns", "over aborted resigned -b"),
        (f"{BOTH_READY} 5 a resigns", "over aborted resigned -a"),
        (f"{OPEN} 3100 a resigns", "over aborted resigned -a"),
        (f"{OPEN} 18300 tick; 18400 b resigns", "over aborted resigned -b"),
        (f"{OPEN} 21300 tick; 21400 b resigns", "over aborted resigned -b"),
        # after it, resigning loses, whoever answered and however it stands
        (f"{ANSWERED} 3400 a resigns", "over seat_1 resigned"),
        (f"{ANSWERED} 3400 b resigns", "over seat_0 resigned"),
        (f"{ANSWERED} 18300 tick; 18400 b resigns", "over seat_0 resigned"),
        (f"{ANSWERED} 21300 tick; 21400 b resigns", "over seat_0 resigned"),
        # of two resignations the first in the log loses
        (f"{ANSWERED} 3400 a resigns; 3400 b resigns", "over seat_1 resigned"),
        (f"{ANSWERED} 3400 b resigns; 3400 a resigns", "over seat_0 resigned"),
        (f"{OPEN} 3100 b resigns; 3100 a resigns", "over aborted resigned -b"),
    ],
)
def test_resigning_comes_to_its_row(script: str, shown: str) -> None:
    assert shows(play(script, TEN).match) == shown


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        # away for 30 s while the other is there
        (f"{ANSWERED} 5000 a gone; 34999 tick", "open 2 0:1000"),
        (f"{ANSWERED} 5000 a gone; 35000 tick", "over seat_1 forfeit"),
        (f"{ANSWERED} 5000 b gone; 35000 tick", "over seat_0 forfeit"),
        (f"{ANSWERED} 5000 a gone 2000; 32999 tick", "open 2 0:1000"),
        (f"{ANSWERED} 5000 a gone 2000; 33000 tick", "over seat_1 forfeit"),
        (f"{ANSWERED} 5000 a gone 30000", "over seat_1 forfeit"),
        (f"{ANSWERED} 5000 a gone 29999", "open 1 0:0"),
        # before the first answer that is an abort too
        (f"{OPEN} 5000 a gone; 34999 tick", "open 2 0:0"),
        (f"{OPEN} 5000 a gone; 35000 tick", "over aborted forfeit -a"),
        (f"{OPEN} 5000 b gone; 35000 tick", "over aborted forfeit -b"),
        (f"{BOTH_READY} 1000 a gone; 31000 tick", "over aborted forfeit -a"),
        # an answer in between makes it a loss
        (f"{OPEN} 5000 a gone; 6000 b right; 35000 tick", "over seat_1 forfeit"),
        # coming back ends it, and going again begins anew
        (f"{ANSWERED} 5000 a gone; 34999 a comes; 35000 tick", "open 2 0:1000"),
        (f"{ANSWERED} 5000 a gone; 34999 a comes; 35000 a gone; 64999 tick", "open 4 0:1000"),
        (f"{ANSWERED} 5000 a gone; 34999 a comes; 35000 a gone; 65000 tick",
         "over seat_1 forfeit"),
        (f"{ANSWERED} 5000 a gone; 20000 a comes q; 20001 a gone p; 60000 tick", "open 4 0:1000"),
        # both away: the match waits
        (f"{ANSWERED} 5000 a gone; 15000 b gone; 44999 tick", "open 3 0:1000"),
        (f"{ANSWERED} 5000 a gone; 34999 b gone; 64998 tick", "open 4 0:1000"),
        # a return forfeits the other once he is past his 30 s
        (f"{ANSWERED} 5000 a gone; 15000 b gone; 34999 b comes", "open 2 0:1000"),
        (f"{ANSWERED} 5000 a gone; 15000 b gone; 34999 b comes; 35000 tick",
         "over seat_1 forfeit"),
        (f"{ANSWERED} 5000 a gone; 15000 b gone; 35000 b comes", "over seat_1 forfeit"),
        (f"{ANSWERED} 5000 a gone; 15000 b gone; 40000 b comes", "over seat_1 forfeit"),
        (f"{ANSWERED} 5000 a gone; 15000 b gone; 40000 a comes", "open 3 0:1000"),
        (f"{ANSWERED} 5000 a gone; 15000 b gone; 40000 a comes; 44999 tick", "open 3 0:1000"),
        (f"{ANSWERED} 5000 a gone; 15000 b gone; 40000 a comes; 45000 tick",
         "over seat_0 forfeit"),
        (f"{OPEN} 5000 a gone; 15000 b gone; 40000 b comes", "over aborted forfeit -a"),
        # both past it: nobody wins
        (f"{ANSWERED} 5000 a gone; 15000 b gone; 45000 tick", "over aborted abandoned"),
        (f"{ANSWERED} 15000 a gone; 5000 b gone; 45000 tick", "over aborted abandoned"),
        (f"{ANSWERED} 5000 a gone; 5000 b gone; 35000 tick", "over aborted abandoned"),
        (f"{OPEN} 5000 a gone; 15000 b gone; 45000 tick", "over aborted abandoned -a -b"),
        # a process that dies takes its seats, and no others
        (f"{ANSWERED} 5000 lost p; 34999 tick", "open 2 0:1000"),
        (f"{ANSWERED} 5000 lost p; 35000 tick", "over aborted abandoned"),
        (f"{ANSWERED} 5000 a comes q; 6000 lost p; 36000 tick", "over seat_0 forfeit"),
        (f"{ANSWERED} 5000 b comes q; 6000 lost q; 36000 tick", "over seat_0 forfeit"),
        (f"{ANSWERED} 5000 a comes q; 6000 lost r; 90000 tick", "open 5 0:1000"),
        # the countdown does not wait for a seat that has gone
        (f"{BOTH_READY} 1000 a gone; 30999 tick", "open 2 0:0"),
    ],
)  # fmt: skip
def test_staying_away_comes_to_its_row(script: str, shown: str) -> None:
    assert shows(play(script, TEN).match) == shown


def test_a_match_played_to_its_end_counts_though_a_seat_is_away() -> None:
    ended = play(f"{ANSWERED} 7000 a gone; 36600 tick")
    assert shows(ended.match) == "over seat_1 played"
    tie = play(f"{ANSWERED} 6600 a gone; 36600 tick")
    assert shows(tie.match) == "over seat_1 played"
    sooner = play(f"{ANSWERED} 6599 a gone; 36600 tick")
    assert shows(sooner.match) == "over seat_1 forfeit"


def test_only_the_last_socket_of_a_seat_takes_it_away() -> None:
    stale = play(f"{ANSWERED} 5000 a comes q; 6000 a gone p")
    assert stale.match.seats[0].connected
    assert stale.decisions[-1][2].events == ()
    twice = play(f"{ANSWERED} 5000 a gone; 9000 a gone")
    assert twice.match.seats[0].away_since == 5000
    assert twice.decisions[-1][2].events == ()


def test_a_return_counts_while_no_forfeit_is_in_the_log() -> None:
    late = play_late(f"{ANSWERED} 5000 a gone 2000; 18300 tick; 21300 tick; 33001 a comes")
    assert shows(late.match) == "open 2 0:1000"
    assert shows(play(f"{ANSWERED} 5000 a gone; 35000 a comes", TEN).match) == "open 2 0:1000"
    assert shows(play(f"{ANSWERED} 5000 a gone; 35001 a comes", TEN).match) == "over seat_1 forfeit"


def test_a_process_takes_both_seats_at_once() -> None:
    lost = play(f"{ANSWERED} 5000 lost p")
    assert [seat.away_since for seat in lost.match.seats] == [5000, 5000]
    assert lost.history[-2:] == ["5000 SeatDisconnected"] * 2


@pytest.mark.parametrize(
    ("away_ms", "last"),
    [
        (15_099, ["18301 RoundClosed", "18301 MatchEnded"]),  # due at 18301
        (15_100, ["18301 RoundClosed", "18301 MatchEnded"]),  # at 18300, with the round
        (15_101, ["3400 SeatDisconnected", "18301 MatchEnded"]),  # at 18299
    ],
)
def test_what_fell_due_first_comes_first_when_time_was_lost(away_ms: int, last: list[str]) -> None:
    late = play_late(f"{OPEN} 3300 a right; 3400 a gone {away_ms}; 18301 tick")
    assert late.history[-2:] == last


def test_a_round_that_the_end_cut_short_is_never_closed() -> None:
    match = play(f"{ANSWERED} 3400 a resigns").match
    assert match.phase is Phase.OVER
    assert match.closed == ()
    assert match.totals == (0, 0)
    assert match.rounds[0].points == (0, 0)


def test_the_grace_is_what_the_limits_say() -> None:
    limits = with_limits(forfeit_ms=50)
    assert shows(play(f"{ANSWERED} 5000 a gone; 5049 tick", limits).match) == "open 1 0:0"
    assert shows(play(f"{ANSWERED} 5000 a gone; 5050 tick", limits).match) == "over seat_1 forfeit"


def test_nobody_forfeits_at_the_gate() -> None:
    limits = with_limits(forfeit_ms=50)
    assert shows(play("0 a comes; 5 a gone; 9999 tick", limits).match) == "gathering"
