"""The weeks and months that a board may be of: by UTC, a week from its Monday."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from msgspec import Struct


class Period(StrEnum):
    """What a board counts; the words of the wire contract."""

    ALL = "all"
    MONTH = "month"
    WEEK = "week"


class Span(Struct, frozen=True):
    """One week or month: from `begins_at`, up to but not at `ends_at` (ms since 1970).

    `name` is no other span's: `week-2026-11-23` by its Monday, `month-2026-11`.
    """

    name: str
    begins_at: int
    ends_at: int

    def holds(self, at: int) -> bool:
        """Whether an instant is in it."""
        return self.begins_at <= at < self.ends_at


def week_of(at: int) -> Span:
    """The week of an instant (ms since 1970)."""
    day = _day_of(at)
    begins = day - timedelta(days=day.weekday())
    return _span(f"week-{begins:%Y-%m-%d}", begins, begins + timedelta(days=7))


def month_of(at: int) -> Span:
    """The month of an instant (ms since 1970)."""
    begins = _day_of(at).replace(day=1)
    ends = (begins + timedelta(days=31)).replace(day=1)
    return _span(f"month-{begins:%Y-%m}", begins, ends)


def _day_of(at: int) -> datetime:
    now = datetime.fromtimestamp(at // 1000, UTC)
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _span(name: str, begins: datetime, ends: datetime) -> Span:
    return Span(name, int(begins.timestamp()) * 1000, int(ends.timestamp()) * 1000)
