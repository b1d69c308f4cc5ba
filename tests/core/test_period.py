"""Weeks from their Monday and months from their first, by UTC."""

from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.period import Span, month_of, week_of


def ms(iso: str) -> int:
    return round(datetime.fromisoformat(iso).timestamp() * 1000)


@pytest.mark.parametrize(
    ("at", "week", "month"),
    [
        ("2026-11-23T00:00:00.000+00:00", "week-2026-11-23", "month-2026-11"),
        ("2026-11-22T23:59:59.999+00:00", "week-2026-11-16", "month-2026-11"),
        ("2026-11-29T23:59:59.999+00:00", "week-2026-11-23", "month-2026-11"),
        ("2026-11-30T23:59:59.999+00:00", "week-2026-11-30", "month-2026-11"),
        ("2026-12-01T00:00:00.000+00:00", "week-2026-11-30", "month-2026-12"),
        ("2027-01-01T00:30:00.000+01:00", "week-2026-12-28", "month-2026-12"),
        ("2028-02-29T12:00:00.000+00:00", "week-2028-02-28", "month-2028-02"),
    ],
)
def test_an_instant_is_in_its_week_and_month(at: str, week: str, month: str) -> None:
    assert (week_of(ms(at)).name, month_of(ms(at)).name) == (week, month)


@pytest.mark.parametrize("of", [week_of, month_of])
@given(at=st.integers(0, 2**42))
def test_spans_follow_each_other_without_a_gap(of: Callable[[int], Span], at: int) -> None:
    span = of(at)
    assert span.holds(at)
    for edge in (span.begins_at, span.ends_at - 1):
        assert of(edge) == span
    assert not span.holds(span.ends_at)
    assert not span.holds(span.begins_at - 1)
    after = of(span.ends_at)
    assert after.begins_at == span.ends_at


def test_a_week_has_seven_days_and_a_month_its_own() -> None:
    day = 24 * 3600 * 1000
    week = week_of(ms("2026-11-25T10:00:00+00:00"))
    assert week.ends_at - week.begins_at == 7 * day
    for at, days in [
        ("2026-02-10", 28),
        ("2028-02-10", 29),
        ("2026-04-30", 30),
        ("2026-12-31", 31),
    ]:
        month = month_of(ms(f"{at}T10:00:00+00:00"))
        assert month.ends_at - month.begins_at == days * day
