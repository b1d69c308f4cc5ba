"""Match time between replies: heard, carried on, stood still."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.clock import REMEMBERED, MatchClock

Heard = list[tuple[int, float]]


def clock_of(heard: Heard) -> MatchClock:
    """A clock that heard these (match time, monotonic) in turn."""
    clock = MatchClock()
    for at, mono in heard:
        clock.heard(at, mono)
    return clock


@pytest.mark.parametrize(
    ("heard", "mono", "now"),
    [
        ([], 500, 0),
        ([(10_000, 100)], 100, 10_000),
        ([(10_000, 100)], 350, 10_250),
        ([(10_000, 100)], 350.9, 10_250),
        ([(10_000, 100), (10_120, 200)], 200, 10_120),  # the first reply was late
        ([(10_000, 100), (10_036, 200)], 200, 10_099),  # this one was: a 64th of 64
        ([(10_000, 100), (9_100, 200)], 200, 10_084),  # 1000 late is late still: 100 − 15.6
        ([(10_000, 100), (9_099, 200)], 200, 9_099),  # 1001 is a pause
        ([(10_000, 100), (10_100, 8_100)], 8_100, 10_100),
        ([(10_000, 100), (10_100, 8_100)], 8_200, 10_200),
        ([(10_000, 100), (10_100, 8_100), (10_250, 8_200)], 8_200, 10_250),
    ],
)
def test_match_time_goes_on_from_the_last_reply(heard: Heard, mono: float, now: int) -> None:
    assert clock_of(heard).now(mono) == now


def test_the_instant_of_a_match_time_is_found_again() -> None:
    clock = clock_of([(10_000, 100)])
    assert clock.mono_of(10_250) == 350
    assert clock.now(clock.mono_of(12_345)) == 12_345
    assert MatchClock().mono_of(7) == 7


PAUSED: Heard = [(10_000, 0), (15_000, 5_000), (16_000, 26_000)]
"""Twenty seconds in which match time stood still, noticed at 26 000."""


@pytest.mark.parametrize(
    ("heard", "start", "end", "between"),
    [
        ([], 0, 500, 500),
        ([(10_000, 0)], 1_000, 1_800, 800),
        ([(10_000, 0)], 1_000, 1_800.9, 800),
        ([(10_000, 0)], 1_800, 1_000, 0),
        (PAUSED, 4_000, 27_000, 3_000),
        (PAUSED, 4_000, 6_000, 2_000),
        (PAUSED, 4_000, 16_000, 2_000),
        (PAUSED, 10_000, 20_000, 0),
        (PAUSED, 25_000, 27_000, 1_000),
        (PAUSED, 26_000, 27_000, 1_000),
        ([*PAUSED, (17_000, 37_000)], 4_000, 38_000, 4_000),  # a second pause, of 10 s
    ],
)
def test_no_time_passes_while_match_time_stands_still(
    heard: Heard, start: float, end: float, between: int
) -> None:
    assert clock_of(heard).between(start, end) == between


@pytest.mark.parametrize(
    ("heard", "between"),
    [
        # a reply held up for 1.5 s, then a prompt one: it was no pause at all
        ([(10_000, 0), (10_500, 2_000), (12_100, 2_100)], 3_000),
        # a real pause of 2 s whose first reply came 100 ms late
        ([(10_000, 0), (9_900, 2_000), (10_100, 2_100)], 1_000),
        # a late reply after a pause, then a prompt one, take nothing back
        ([(10_000, 0), (10_000, 2_000), (10_050, 2_100), (10_200, 2_200)], 1_000),
    ],
)
def test_what_was_only_a_late_reply_is_no_pause(heard: Heard, between: int) -> None:
    assert clock_of(heard).between(0, 3_000) == between


def test_only_the_latest_pauses_are_remembered() -> None:
    clock = MatchClock()
    for n in range(REMEMBERED + 2):
        clock.heard(100, n * 2_000.0)  # match time stands still for good
    assert clock.between(0, 4_000) == 4_000 - 2_000
    assert clock.between(2_000, 36_000) == 0 + 34_000 - REMEMBERED * 2_000


@given(st.lists(st.integers(0, 900), min_size=1, max_size=60))
def test_the_picture_never_runs_ahead_of_what_replies_can_say(delays: list[int]) -> None:
    clock = MatchClock()
    for n, delay in enumerate(delays):
        clock.heard(1_000 + n * 500, n * 500.0 + delay)  # true offset: 1000
        assert clock.now(n * 500.0 + delay) <= 1_000 + n * 500 + delay
