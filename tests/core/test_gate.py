"""The ready gate and the countdown, by rows."""

import pytest

from server.core.commands import due
from tests.core.scenario import BOTH_READY, play, play_late, shows, with_limits


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        ("", "gathering"),
        ("0 a comes; 0 a ready; 0 b comes", "gathering"),
        ("0 a comes; 0 a ready; 0 b ready", "gathering"),
        ("0 a ready; 0 b ready", "gathering"),
        ("0 a comes; 0 b comes; 9999 tick", "gathering"),
        (f"{BOTH_READY}", "countdown"),
        ("0 a comes; 0 a ready; 9999 b comes; 9999 b ready", "countdown"),
        ("0 a ready; 0 a comes; 5 b ready; 9 b comes", "countdown"),
        # the gate shuts after 10 s: charged is who was told and did not come
        ("10000 tick", "over aborted no_show"),
        ("0 a told; 10000 tick", "over aborted no_show -a"),
        ("0 a told; 0 b told; 10000 tick", "over aborted no_show -a -b"),
        ("0 a comes; 0 a ready; 10000 tick", "over aborted no_show"),
        ("0 a comes; 0 a ready; 0 b told; 10000 tick", "over aborted no_show -b"),
        ("0 b comes; 0 b ready; 0 a told; 10000 tick", "over aborted no_show -a"),
        ("0 a comes; 0 b comes; 0 a ready; 10000 tick", "over aborted no_show -b"),
        ("0 a comes; 0 b comes; 10000 tick", "over aborted no_show -a -b"),
        ("0 a ready; 10000 tick", "over aborted no_show -a"),
        ("0 a comes; 10000 tick", "over aborted no_show -a"),
        # whoever has gone again has not come
        ("0 a comes; 0 a ready; 5 a gone; 6 b comes; 7 b ready; 9999 tick", "gathering"),
        ("0 a comes; 0 a ready; 5 a gone; 6 b comes; 7 b ready; 8 a comes", "countdown"),
        ("0 a comes; 0 a ready; 5 a gone; 6 b comes; 7 b ready; 10000 tick",
         "over aborted no_show -a"),
        ("0 a comes; 0 b comes; 0 a ready; 5 lost p; 6 b ready; 10000 tick",
         "over aborted no_show -a -b"),
        # the countdown, and round 1
        (f"{BOTH_READY} 2999 tick", "countdown"),
        (f"{BOTH_READY} 3000 tick", "open 1 0:0"),
        ("0 a comes; 0 a ready; 0 b comes; 500 b ready; 3499 tick", "countdown"),
        ("0 a comes; 0 a ready; 0 b comes; 500 b ready; 3500 tick", "open 1 0:0"),
        (f"{BOTH_READY} 1 a gone; 3000 tick", "open 1 0:0"),
        # nothing of it begins again
        (f"{BOTH_READY} 3000 a ready; 3000 a told", "open 1 0:0"),
    ],
)  # fmt: skip
def test_the_gate_comes_to_its_row(script: str, shown: str) -> None:
    assert shows(play(script).match) == shown


def test_the_gate_and_the_countdown_take_what_the_limits_say() -> None:
    limits = with_limits(ready_ms=250, countdown_ms=40)
    assert shows(play("249 tick", limits).match) == "gathering"
    assert shows(play("250 tick", limits).match) == "over aborted no_show"
    assert play(f"{BOTH_READY} 41 tick", limits).history[-1] == "40 RoundOpened"


def test_a_late_arrival_counts_while_nobody_has_shut_the_gate() -> None:
    late = play_late("0 a comes; 0 a ready; 0 b comes; 10050 b ready")
    assert shows(late.match) == "countdown"


@pytest.mark.parametrize(
    "script",
    [
        "0 a told; 1 a told",
        "0 a comes; 1 a told",
        "0 a ready; 1 a told",
        "0 a comes; 1 a comes",
        "0 a ready; 1 a ready",
        "0 a comes p; 1 a gone q",
        "0 a told; 1 a gone",
        "0 a comes p; 1 lost q",
        "0 a told; 1 settled",
        "0 a told; 1 tick",
    ],
)
def test_the_second_of_two_equal_words_changes_nothing(script: str) -> None:
    first, second = play(script).decisions
    assert first[2].events
    assert second[2].events == ()
    assert second[2].state == first[2].state


def test_a_seat_follows_its_player_to_another_process() -> None:
    moved = play("0 a comes p; 1 a comes q; 2 a gone p")
    assert moved.match.seats[0].process == "q"
    assert play("0 a comes p; 1 a comes q; 2 a gone q").match.seats[0].process is None


def test_coming_tells_the_seat_and_readiness_outlives_an_absence() -> None:
    seat = play("0 a comes; 1 a ready; 2 a gone 1").match.seats[0]
    assert (seat.told, seat.ready, seat.connected, seat.away_since) == (True, True, False, 1)
    back = play("0 a comes; 1 a ready; 2 a gone 1; 3 a comes").match.seats[0]
    assert (back.ready, back.connected, back.away_since) == (True, True, None)


@pytest.mark.parametrize(
    ("script", "at"),
    [
        ("", 10_000),
        ("0 a comes; 0 a ready", 10_000),
        (BOTH_READY, 3_000),
        ("0 a comes; 0 b comes; 0 a ready; 400 b ready", 3_400),
        (f"{BOTH_READY} 3000 tick", 18_300),
        (f"{BOTH_READY} 3100 a right", 18_300),
        (f"{BOTH_READY} 3100 a right; 4000 b right", 7_000),
        (f"{BOTH_READY} 18300 tick", 21_300),
        (f"{BOTH_READY} 3100 b gone", 18_300),
        (f"{BOTH_READY} 3100 a right; 3200 b gone; 21300 tick", 33_200),
        (f"{BOTH_READY} 3100 a resigns", None),
    ],
)
def test_something_is_due_at_its_row(script: str, at: int | None) -> None:
    assert due(play(script).match) == at
