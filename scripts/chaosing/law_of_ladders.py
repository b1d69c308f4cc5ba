"""The laws of a ladder: each match moved it once, by the rules, and its books agree."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Final

from scripts.chaosing.judge import Judge, Law
from scripts.chaosing.kept import Kept
from server.core.elo import RatingChange, Standing, advance, rating_change
from server.core.ids import SEATS, MatchId, Seat, other
from server.core.match import Match
from server.core.outcome import Outcome, Went, went_of
from server.core.period import month_of, week_of
from server.store.ladder import Record, Settlement, StoredResult
from server.store.log import StoredEntry

MOST_SAID: Final = 160
"""So many characters of an entry are shown."""


def judge_settlements(judge: Judge, kept: Kept, matches: Mapping[str, Match]) -> None:
    """Each finished match stands once in every book that it belongs to, with the same numbers."""
    rated, versions = 0, Counter[str]()
    for match, state in matches.items():
        settled, marker = state.settled, kept.markers.get(match)
        if settled is None or state.ended is None:
            continue
        aborted = state.ended.outcome is Outcome.ABORTED
        counts = state.created.rated and not aborted
        result = StoredResult(settled.ratings, state.ending)
        so = marker == Settlement(settled.settled_at_ms, result)
        judge.hold(Law.ONCE, f"{match}: {settled} is not what the marker says: {marker}", so=so)
        so = (settled.ratings is not None) == counts
        judge.hold(Law.ONCE, f"{match}: rated is {counts}, but {settled}", so=so)
        rated += counts
        for seat in SEATS:
            player = state.created.players[seat]
            if player.practice:
                continue
            versions[player.id] += 1
            _judge_seat(judge, kept, match, state, seat)
    for player, record in kept.players.items():
        what = f"{player} was settled {record.version} times, in {versions[player]} matches"
        judge.hold(Law.ONCE, what, so=record.version == versions[player])
    what = f"the board has moved {kept.changes} times, by {rated} matches"
    judge.hold(Law.ONCE, what, so=kept.changes == rated)
    for match in kept.markers:
        judge.hold(Law.ONCE, f"{match} was settled, but has no record", so=match in matches)


def _judge_seat(judge: Judge, kept: Kept, match: str, state: Match, seat: Seat) -> None:
    """A match in the books of one of its players."""
    assert state.ended is not None
    assert state.settled is not None
    player, ratings = state.created.players[seat].id, state.settled.ratings
    found = [rated.change for _, rated in kept.histories.get(player, ()) if rated.match == match]
    wanted = [] if ratings is None else [ratings[seat]]
    judge.hold(Law.ONCE, f"{match}: {player} has {found}, not {wanted}", so=found == wanted)
    times = kept.played.get(player, []).count(match)
    so = times == (state.ended.outcome is not Outcome.ABORTED)
    judge.hold(Law.ONCE, f"{match}: {player} has played it {times} times", so=so)


def judge_players(judge: Judge, kept: Kept, matches: Mapping[str, Match]) -> None:
    """Walk each history: a change follows from those before, and they add up to the record."""
    for player, record in kept.players.items():
        standing, went, last = Standing(), Counter[Went](), 0
        for _, rated in kept.histories.get(player, ()):
            state = matches.get(rated.match)
            wanted = None if state is None else _change(state, player, standing)
            what = f"{rated.match}: {player} at {standing} had {rated.change}, not {wanted}"
            judge.hold(Law.ELO, what, so=rated.change == wanted)
            standing, last = advance(standing, rated.change), rated.change.change
            if state is not None and state.ended is not None:
                went[_went(state, player)] += 1
        wanted_record = (standing, last, went[Went.WON], went[Went.DRAWN], went[Went.LOST])
        so = wanted_record == _sums(record)
        judge.hold(Law.BOARDS, f"{player}: {record} is not {wanted_record}", so=so)


def _sums(record: Record) -> tuple[Standing, int, int, int, int]:
    return record.standing, record.change, record.wins, record.draws, record.losses


def _seat(state: Match, player: str) -> Seat:
    return 0 if state.created.players[0].id == player else 1


def _score(state: Match, seat: Seat) -> float:
    assert state.ended is not None
    score = state.ended.outcome.score
    return score if seat == 0 else 1 - score


def _went(state: Match, player: str) -> Went:
    return went_of(_score(state, _seat(state, player)))


def _change(state: Match, player: str, standing: Standing) -> RatingChange | None:
    """What a match does to a player of that standing; None where it is not rated or not over."""
    if state.ended is None or state.settled is None or state.settled.ratings is None:
        return None
    seat = _seat(state, player)
    opponent = state.settled.ratings[other(seat)].before
    return rating_change(standing, opponent, _score(state, seat), state.created.k_share)


def judge_boards(judge: Judge, kept: Kept) -> None:
    """Each board has the rows that the records, and the changes of its span, say.

    Of a week or month that has ended, nothing is kept.
    """
    wanted = {player: r.rating for player, r in kept.players.items() if r.matches}
    _judge_board(judge, "the board", kept.board, wanted)
    gains: dict[str, Counter[str]] = {}
    for player, history in kept.histories.items():
        for at, rated in history:
            for span in (week_of(at), month_of(at)):
                gains.setdefault(span.name, Counter())[player] += rated.change.change
    for span in (week_of(kept.at).name, month_of(kept.at).name):
        _judge_board(judge, span, kept.gains.get(span, []), gains.get(span, Counter()))


def _judge_board(
    judge: Judge, name: str, rows: list[tuple[str, int]], wanted: Mapping[str, int]
) -> None:
    found = dict(rows)
    for player in found.keys() | wanted.keys():
        what = f"{name} has {player} at {found.get(player)}, not {wanted.get(player)}"
        judge.hold(Law.BOARDS, what, so=found.get(player) == wanted.get(player))


def judge_ends(judge: Judge, kept: Kept, told: set[MatchId]) -> None:
    """Nothing is left to do: every match is settled, its record kept, and nobody is held."""
    for match in kept.live.keys() | kept.records.keys() | told:
        judge.hold(Law.CLOSED, f"{match} is not settled", so=match in kept.records)
        if match in kept.live and match in kept.records:
            difference = _difference(kept.live[match], kept.records[match])
            judge.hold(Law.ONCE, f"{match}: {difference}", so=difference is None)
    judge.hold(Law.CLOSED, f"{len(kept.left)} things are left", so=not kept.left)
    for left in kept.left:
        judge.hold(Law.CLOSED, left, so=False)


def _difference(log: Sequence[StoredEntry], record: Sequence[StoredEntry]) -> str | None:
    """How long a log and its record are, and the first place at which they differ; None if none."""
    for at, (one, other_one) in enumerate(zip_longest(log, record)):
        if one != other_one:
            lengths = f"the log has {len(log)} entries, its record {len(record)}"
            return f"{lengths}; {at} is {one!r:.{MOST_SAID}} there, {other_one!r:.{MOST_SAID}} here"
    return None
