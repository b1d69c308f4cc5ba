"""What chat programs show of a match that somebody links to: who won, or who plays."""

from server.core.ids import SEATS, Seat, other
from server.core.outcome import Outcome
from server.web.record import MatchRecord


def headline(record: MatchRecord) -> tuple[str, str]:
    """A title and one sentence or two."""
    one, two = (player.name for player in record.players)
    result = record.result
    if result is None:
        rated = " for Elo ratings" if record.rated else ""
        return f"{one} vs {two}", f"{_marked(record)} play {record.title}{rated}."
    if result.outcome == Outcome.ABORTED:
        return f"{one} vs {two}", f"{record.title}. The match was aborted: no rating moved."
    if result.outcome == Outcome.DRAW:
        return f"{one} and {two} drew {_score(result.totals)}", _ratings(record)
    winner: Seat = 0 if result.outcome == Outcome.SEAT_0 else 1
    totals = (result.totals[winner], result.totals[other(winner)])
    names = (one, two) if winner == 0 else (two, one)
    return f"{names[0]} beat {names[1]} {_score(totals)}", _ratings(record)


def _score(totals: tuple[int, int]) -> str:
    return f"{totals[0]} : {totals[1]}"


def _marked(record: MatchRecord) -> str:
    one, two = (
        f"{player.name} ({player.rating}{'?' if player.provisional else ''})"
        for player in record.players
    )
    return f"{one} and {two}"


def _ratings(record: MatchRecord) -> str:
    """What the match did to the ratings."""
    if record.ratings is None or record.provisional_after is None:
        return f"{record.title}. An unrated match."
    one, two = (
        f"{record.players[seat].name} {record.ratings[seat].after}"
        f"{'?' if record.provisional_after[seat] else ''} ({_signed(record.ratings[seat].change)})"
        for seat in SEATS
    )
    return f"{record.title}. Elo after it: {one}, {two}."


def _signed(change: int) -> str:
    return f"{change:+}".replace("-", "\N{MINUS SIGN}") if change else "0"
