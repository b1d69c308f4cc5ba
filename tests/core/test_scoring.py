"""Points for one answer, by rows and against exact fractions."""

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.scoring import points
from tests.core.strategies import round_limits


@pytest.mark.parametrize(
    ("elapsed_ms", "limit_ms", "worth"),
    [
        (0, 15_000, 1000),
        (1, 15_000, 1000),
        (299, 15_000, 1000),
        (300, 15_000, 1000),
        (301, 15_000, 1000),  # 999.97
        (315, 15_000, 1000),  # 999.5: half up
        (316, 15_000, 999),  # 999.47
        (345, 15_000, 999),  # 998.5: half up
        (346, 15_000, 998),
        (3_300, 15_000, 900),
        (7_500, 15_000, 760),
        (7_800, 15_000, 750),
        (14_999, 15_000, 510),
        (0, 5_000, 1000),
        (305, 5_000, 1000),  # 999.5: half up
        (306, 5_000, 999),
        (2_800, 5_000, 750),
        (4_999, 5_000, 530),
        (300, 60_000, 1000),
        (360, 60_000, 1000),  # 999.5: half up
        (361, 60_000, 999),
        (30_300, 60_000, 750),
        (59_999, 60_000, 503),
        (300, 300, 1000),
        (299, 300, 1000),
        (999, 1_000, 651),  # 650.5: half up
        (6_999, 7_001, 522),  # 521.57
    ],
)
def test_a_right_answer_is_worth_its_row(elapsed_ms: int, limit_ms: int, worth: int) -> None:
    assert points(elapsed_ms, limit_ms) == worth


@given(st.data(), round_limits)
def test_points_are_the_exact_share_rounded_half_up(data: st.DataObject, limit_ms: int) -> None:
    elapsed_ms = data.draw(st.integers(0, limit_ms - 1))
    x = max(0, elapsed_ms - 300)
    exact = 1000 * (1 - Fraction(x, 2 * limit_ms))
    assert points(elapsed_ms, limit_ms) == floor(exact + Fraction(1, 2))


@given(st.data(), st.integers(1, 120_000))
def test_a_right_answer_in_time_is_worth_500_to_1000(data: st.DataObject, limit_ms: int) -> None:
    elapsed_ms = data.draw(st.integers(0, limit_ms - 1))
    assert 500 <= points(elapsed_ms, limit_ms) <= 1000


@given(st.data(), round_limits)
def test_a_later_answer_is_never_worth_more(data: st.DataObject, limit_ms: int) -> None:
    elapsed_ms = data.draw(st.integers(0, limit_ms - 2))
    assert points(elapsed_ms, limit_ms) >= points(elapsed_ms + 1, limit_ms)
