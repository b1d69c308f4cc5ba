"""Names for the things that everything else talks about."""

from typing import Final, Literal, NewType, TypeAlias, TypeVar

PlayerId = NewType("PlayerId", str)
MatchId = NewType("MatchId", str)
ProcessId = NewType("ProcessId", str)

Seat: TypeAlias = Literal[0, 1]
SEATS: Final[tuple[Seat, Seat]] = (0, 1)

T = TypeVar("T")
BySeat: TypeAlias = tuple[T, T]


def other(seat: Seat) -> Seat:
    """The seat across the table."""
    return 1 if seat == 0 else 0


def with_seat(pair: BySeat[T], seat: Seat, value: T) -> BySeat[T]:
    """The same pair with one side replaced."""
    return (value, pair[1]) if seat == 0 else (pair[0], value)
