"""The rounds of a match, by rows: opening, answers, closing, totals, the end."""

import pytest

from server.core.commands import Settle
from server.core.events import AnswerTaken, Ending, MatchEnded, Settled
from server.core.match import fold
from server.core.outcome import Outcome, Why
from server.core.refusal import Reason
from tests.core.scenario import BOTH_READY, play, play_late, shows, with_limits

OPEN = f"{BOTH_READY} 3000 tick;"
"""Round 1 is open since 3000, its limit passes at 18000, it closes at 18300."""
REVEAL = f"{OPEN} 3300 a right; 3300 b wrong;"
"""Round 1 was closed at 3300; round 2 opens at 6300."""
LAST = f"{REVEAL} 6300 tick;"
"""Round 2, the last, is open since 6300."""


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        (OPEN, "open 1 0:0"),
        (f"{OPEN} 4000 a right", "open 1 0:0"),
        (f"{OPEN} 4000 a wrong", "open 1 0:0"),
        (f"{OPEN} 18299 tick", "open 1 0:0"),
        (f"{OPEN} 18300 tick", "reveal 1 0:0"),
        (f"{OPEN} 3300 a right; 18299 tick", "open 1 0:0"),
        (f"{OPEN} 3300 a right; 18300 tick", "reveal 1 1000:0"),
        (f"{OPEN} 3300 a right; 3300 b right", "reveal 1 1000:1000"),
        (f"{OPEN} 3300 a right; 3300 b wrong", "reveal 1 1000:0"),
        (f"{OPEN} 3300 a wrong; 3300 b wrong", "reveal 1 0:0"),
        (f"{OPEN} 10500 a right; 10800 b right", "reveal 1 760:750"),
        (f"{OPEN} 17999 a right; 18000 b wrong@14999", "reveal 1 510:0"),
        (f"{OPEN} 18299 a right@14999; 18300 tick", "reveal 1 510:0"),
        (f"{OPEN} 18200 a right@15100-101; 18300 tick", "reveal 1 510:0"),
        (f"{OPEN} 3200 a right@200-250; 3200 b right@500-200", "reveal 1 1000:1000"),
        (f"{OPEN} 10900 a right@7900-100; 10900 b right@7900", "reveal 1 750:747"),
        (REVEAL, "reveal 1 1000:0"),
        (f"{REVEAL} 6299 tick", "reveal 1 1000:0"),
        (f"{REVEAL} 6300 tick", "open 2 1000:0"),
        (f"{LAST} 6600 a right", "open 2 1000:0"),
        (f"{LAST} 21599 tick", "open 2 1000:0"),
        # the end: the higher total, and equal totals draw
        (f"{LAST} 21600 tick", "over seat_0 played"),
        (f"{LAST} 6600 a right; 6600 b wrong", "over seat_0 played"),
        (f"{LAST} 6600 b right; 6600 a wrong", "over draw played"),
        (f"{LAST} 6900 b right; 6900 a wrong", "over seat_0 played"),
        (f"{OPEN} 3300 b right; 3301 a wrong; 6400 a wrong; 6400 b wrong", "over seat_1 played"),
        (f"{OPEN} 3300 a wrong; 36600 tick", "over draw played"),
        (f"{OPEN} 3300 b wrong; 36600 tick", "over draw played"),
        # without a single answer it is void, and both are charged
        (f"{OPEN} 36599 tick", "open 2 0:0"),
        (f"{OPEN} 36600 tick", "over aborted abandoned -a -b"),
    ],
)
def test_the_rounds_come_to_their_row(script: str, shown: str) -> None:
    assert shows(play(script).match) == shown


@pytest.mark.parametrize(
    ("script", "reason", "choice"),
    [
        # not open: no round yet, the reveal, another round, too late
        ("0 a right1", Reason.NOT_OPEN, None),
        (f"{BOTH_READY} 100 a right1", Reason.NOT_OPEN, None),
        (f"{OPEN} 18300 a right@15000", Reason.NOT_OPEN, None),
        (f"{OPEN} 18200 a right@15250-250", Reason.NOT_OPEN, None),
        (f"{OPEN} 18300 tick; 18301 a right@100", Reason.NOT_OPEN, None),
        (f"{OPEN} 3100 a right2", Reason.NOT_OPEN, None),
        (f"{OPEN} 3100 a right0", Reason.NOT_OPEN, None),
        (f"{OPEN} 3100 a right3", Reason.NOT_OPEN, None),
        (f"{OPEN} 18300 tick; 21300 tick; 21400 b right1", Reason.NOT_OPEN, None),
        # already answered, while it is open and after, with the first choice
        (f"{OPEN} 3100 a right; 3200 a wrong", Reason.ALREADY_ANSWERED, 0),
        (f"{OPEN} 3100 a wrong; 3200 a right", Reason.ALREADY_ANSWERED, 1),
        (f"{OPEN} 3100 a right; 3100 a right", Reason.ALREADY_ANSWERED, 0),
        (f"{OPEN} 3100 a wrong; 18100 a right@16000", Reason.ALREADY_ANSWERED, 1),
        (f"{REVEAL} 3400 b right1", Reason.ALREADY_ANSWERED, 1),
        (f"{LAST} 6400 a wrong1", Reason.ALREADY_ANSWERED, 0),
        (f"{LAST} 6400 b right2; 6500 b wrong2", Reason.ALREADY_ANSWERED, 1),
        # over is told first
        (f"{LAST} 21600 tick; 21700 a right2", Reason.OVER, None),
        (f"{LAST} 21600 tick; 21700 a right1", Reason.OVER, None),
        (f"{LAST} 21600 tick; 21700 a ready", Reason.OVER, None),
        (f"{LAST} 21600 tick; 21700 a resigns", Reason.OVER, None),
        (f"{LAST} 21600 tick; 21700 settled; 21800 b resigns", Reason.OVER, None),
        (f"{OPEN} 3100 a resigns; 3200 b right", Reason.OVER, None),
    ],
)
def test_what_comes_at_the_wrong_moment_is_refused(
    script: str, reason: Reason, choice: int | None
) -> None:
    played = play(script)
    assert [(refusal.reason, refusal.choice) for refusal in played.refused] == [(reason, choice)]
    assert played.refused[0].detail.endswith(".")


def test_a_refused_answer_leaves_the_seat_free_to_answer() -> None:
    played = play(f"{OPEN} 3100 a right2; 3200 a right")
    assert len(played.refused) == 1
    assert played.match.rounds[0].answers[0] == AnswerTaken(1, 0, 0, 200, 0)


@pytest.mark.parametrize(
    ("said", "elapsed_ms", "credit_ms"),
    [
        ("right@1000", 1000, 0),
        ("right@1000-250", 750, 250),
        ("right@100-250", 0, 100),  # no more than there is
        ("right@0-250", 0, 0),
        ("right@14999", 14_999, 0),
        ("right@15249-250", 14_999, 250),
    ],
)
def test_the_credit_is_taken_off_the_time(said: str, elapsed_ms: int, credit_ms: int) -> None:
    taken = play(f"{OPEN} 18299 b {said}").match.rounds[0].answers[1]
    assert taken == AnswerTaken(1, 1, 0, elapsed_ms, credit_ms)


def test_an_answer_that_was_here_in_time_counts_however_late_the_timers_are() -> None:
    late = play_late(f"{OPEN} 18350 a right@14800")
    assert shows(late.match) == "reveal 1 517:0"
    assert late.history[-2:] == ["18350 AnswerTaken", "18350 RoundClosed"]


def test_whatever_is_overdue_happens_at_the_instant_at_which_it_is_seen() -> None:
    late = play_late(f"{OPEN} 3100 a right; 60000 tick")
    assert late.history[-1] == "60000 RoundClosed"
    assert shows(late.match) == "reveal 1 1000:0"


def test_a_match_is_played_in_its_order() -> None:
    played = play(f"{REVEAL} 6300 tick; 6600 b right; 7000 a right; 7500 settled")
    assert played.history[4:] == [
        "0 CountdownStarted",
        "3000 RoundOpened",
        "3300 AnswerTaken",
        "3300 AnswerTaken",
        "3300 RoundClosed",
        "6300 RoundOpened",
        "6600 AnswerTaken",
        "7000 AnswerTaken",
        "7000 RoundClosed",
        "7000 MatchEnded",
        "7500 Settled",
    ]
    match = played.match
    assert [round_.points for round_ in match.rounds] == [(1000, 0), (987, 1000)]
    assert match.totals == (1987, 1000)
    assert [(r.number, r.opened_at, r.closed_at) for r in match.rounds] == [
        (1, 3000, 3300),
        (2, 6300, 7000),
    ]


def test_the_answer_that_closes_a_round_stands_with_its_close() -> None:
    played = play(f"{OPEN} 3300 a right; 3400 b wrong")
    assert [type(event).__name__ for event in played.log[-1][1]] == ["AnswerTaken", "RoundClosed"]


def test_without_pauses_the_next_round_stands_with_the_close() -> None:
    limits = with_limits(reveal_ms=0, countdown_ms=0)
    played = play(f"{BOTH_READY} 300 a right; 400 b wrong", limits)
    assert played.history[4:] == [
        "0 CountdownStarted",
        "0 RoundOpened",
        "300 AnswerTaken",
        "400 AnswerTaken",
        "400 RoundClosed",
        "400 RoundOpened",
    ]


def test_a_result_is_stored_once() -> None:
    played = play(f"{LAST} 21600 tick; 21700 settled; 21800 settled")
    assert [line.split()[1] for line in played.history].count("Settled") == 1
    assert played.decisions[-1][2].events == ()


WON = MatchEnded(Outcome.SEAT_0, Why.PLAYED)
LEFT = MatchEnded(Outcome.ABORTED, Why.RESIGNED, charged=(1,))


@pytest.mark.parametrize(
    ("stored", "instead"),
    [
        (None, None),
        (Ending(WON, (2000, 0)), None),
        (Ending(WON, (2000, 900)), Ending(WON, (2000, 900))),
        (Ending(LEFT, (0, 0)), Ending(LEFT, (0, 0))),
    ],
)
def test_what_was_settled_stands_whatever_the_log_says(
    stored: Ending | None, instead: Ending | None
) -> None:
    played = play(f"{LAST} 6600 a right; 6600 b wrong")
    assert played.match.ending == Ending(WON, (2000, 0))
    played.do(7000, Settle(None, 1_700_000_000_000, stored))
    settled = Settled(None, 1_700_000_000_000, instead)
    assert played.match.settled == settled == played.events[-1]
    assert fold(played.log) == played.match
    assert played.match.ending == (stored or Ending(WON, (2000, 0)))


def test_nothing_is_stored_before_the_end() -> None:
    assert play(f"{LAST} 7000 settled").match.settled is None


@pytest.mark.parametrize("quiet", ["a told", "a comes", "a gone", "lost p", "tick"])
def test_after_the_end_presence_and_time_change_nothing(quiet: str) -> None:
    over = play(f"{LAST} 21600 tick")
    assert play(f"{LAST} 21600 tick; 90000 {quiet}").match == over.match


@pytest.mark.parametrize(
    ("script", "not_before"),
    [
        ("5 a comes", 0),
        ("10050 tick", 10_000),
        ("0 a comes; 0 b comes; 0 a ready; 7 b ready", 0),
        (f"{BOTH_READY} 3050 tick", 3_000),
        (f"{OPEN} 4000 a right", 0),
        (f"{OPEN} 3300 a right; 4000 b right", 3_000),
        (f"{OPEN} 18350 tick", 18_300),
        (f"{OPEN} 18350 a right@100", 18_300),
        (f"{REVEAL} 6350 tick", 6_300),
        (f"{LAST} 21650 tick", 21_600),
        (f"{OPEN} 3500 a right; 4000 a gone; 34100 tick", 34_000),
        (f"{OPEN} 4000 a resigns", 0),
    ],
)
def test_an_append_is_turned_down_before_the_deadline_in_it(script: str, not_before: int) -> None:
    decision = play_late(script).decisions[-1][2]
    assert decision.events
    assert decision.not_before == not_before


def test_a_tick_before_anything_is_due_does_nothing() -> None:
    for script in ("9999 tick", f"{BOTH_READY} 2999 tick", f"{OPEN} 18299 tick"):
        decision = play_late(script).decisions[-1][2]
        assert (decision.events, decision.not_before) == ((), 0)


def test_the_seat_with_more_points_wins_from_either_side() -> None:
    ends = [
        event
        for script in (f"{OPEN} 3300 a right; 36600 tick", f"{OPEN} 3300 b right; 36600 tick")
        for event in play(script).events
        if isinstance(event, MatchEnded)
    ]
    assert [end.outcome for end in ends] == ["seat_0", "seat_1"]
    assert [end.outcome.score for end in ends] == [1, 0]
