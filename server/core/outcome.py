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
