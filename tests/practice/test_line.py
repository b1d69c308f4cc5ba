"""The pace at which a practice opponent sends."""

import pytest

from server.practice.line import Pace


def waits(pace: Pace, *at: float) -> list[float]:
    """How long messages wait that are to be sent at these instants."""
    return [pace.wait_s(now) for now in at]


def test_as_many_messages_as_go_in_a_second_go_at_once_and_then_one_after_the_other() -> None:
    assert waits(Pace(4), 100, 100, 100, 100) == [0, 0, 0, 0]
    assert waits(Pace(4), *[100] * 7)[4:] == pytest.approx([0.25, 0.5, 0.75])


def test_what_was_not_said_is_not_saved_up() -> None:
    pace = Pace(4)
    waits(pace, 100)
    assert waits(pace, *[200] * 5) == pytest.approx([0, 0, 0, 0, 0.25])


def test_without_a_limit_nothing_waits() -> None:
    assert waits(Pace(0), *[100] * 1000) == [0] * 1000
