"""How a match can end."""

from enum import StrEnum

from server.core.ids import Seat


class Outcome(StrEnum):
    """Who won; the words of the wire contract."""

    SEAT_0 = "seat_0"
    SEAT_1 = "seat_1"
    DRAW = "draw"
    ABORTED = "aborted"

    @property
    def score(self) -> float:
        """The score of seat 0 in a match that was not aborted: 1, 0.5 or 0."""
        return {Outcome.SEAT_0: 1.0, Outcome.SEAT_1: 0.0}.get(self, 0.5)


class Why(StrEnum):
    """How it came to that; the words of the wire contract."""

    PLAYED = "played"
    RESIGNED = "resigned"
    FORFEIT = "forfeit"
    NO_SHOW = "no_show"
    ABANDONED = "abandoned"


def win_of(seat: Seat) -> Outcome:
    """The outcome in which `seat` wins."""
    return Outcome.SEAT_0 if seat == 0 else Outcome.SEAT_1


class Went(StrEnum):
    """How a match went for one of its players; the words of the wire contract, and of the store."""

    WON = "wins"
    DRAWN = "draws"
    LOST = "losses"


def went_of(score: float) -> Went:
    """How a match went for who scored so much."""
    if score == 0.5:  # noqa: PLR2004 - a draw is half a point
        return Went.DRAWN
    return Went.WON if score == 1 else Went.LOST


def streak_after(streak: int, went: Went) -> int:
    """Wins in a row, or losses below zero, after one more match; a draw breaks both."""
    if went is Went.WON:
        return max(streak, 0) + 1
    return min(streak, 0) - 1 if went is Went.LOST else 0
