"""Nobody can tell the right choice of a round from any message before the round is closed."""

from collections.abc import Iterator

from hypothesis import given, settings
from msgspec.structs import replace

from server.core.events import (
    AnswerTaken,
    Event,
    MatchCreated,
    RoundClosed,
    RoundOpened,
)
from server.core.ids import SEATS
from server.core.match import Entry, Match, fold
from server.play import views
from server.wire.messages import ServerMap
from tests.core.scenario import BOTH_READY, Played, play
from tests.core.strategies import played


def with_other_answers(log: list[Entry], since: int) -> list[Entry]:
    """The same log of a deal in which another choice is right from round `since` on."""
    (at, (created,)), *rest = log
    assert isinstance(created, MatchCreated)
    other = tuple(
        card if number < since else replace(card, correct=(card.correct + 1) % 4)
        for number, card in enumerate(created.deal, 1)
    )
    return [(at, (replace(created, deal=other),)), *rest]


def views_of(match: Match, now: int) -> Iterator[ServerMap | None]:
    """Everything that can be told of a state, to either player and to a spectator."""
    yield from (views.snapshot(match, seat, now) for seat in (*SEATS, None))
    yield from (views.paired(match, seat, now) for seat in SEATS)
    yield from (views.seat_changed(match, seat, now) for seat in SEATS)
    yield views.countdown_started(match, now)
    yield views.match_over(match)


def told(match: Match, event: Event, now: int) -> Iterator[ServerMap | None]:
    """What is sent when an event has happened."""
    yield from views_of(match, now)
    match event:
        case RoundOpened():
            yield views.round_opened(match, now)
        case AnswerTaken():
            yield views.answer_taken(match, event)
            yield views.replied(views.own_answer_taken(match, event), 7)
        case RoundClosed():
            yield views.round_closed(match, now)
        case _:
            return


def tell_all(log: list[Entry], *, differ: bool) -> list[tuple[object, ...]]:
    """What may be sent after each event; by a deal that differs where nothing is closed yet.

    The deal differs anew for each prefix of the log, folded from its beginning.
    """
    so_far: list[Entry] = []
    closed = 0
    sent: list[tuple[object, ...]] = []
    for at, events in log:
        for event in events:
            so_far.append((at, (event,)))
            closed += isinstance(event, RoundClosed)
            prefix = with_other_answers(so_far, closed + 1) if differ else so_far
            sent.append(tuple(told(fold(prefix), event, at)))
    return sent


@settings(max_examples=100)
@given(played)
def test_two_deals_that_differ_in_what_is_right_look_alike_until_the_close(match: Played) -> None:
    assert tell_all(match.log, differ=True) == tell_all(match.log, differ=False)


def test_they_differ_once_the_round_is_closed() -> None:
    match = play(f"{BOTH_READY} 3300 a right; 3400 b wrong")
    log: list[Entry] = [(at, (event,)) for at, events in match.log for event in events]
    other = with_other_answers(log, 1)
    before, after = log[:-1], log
    at = after[-1][0]
    assert [*views_of(fold(before), at)] == [*views_of(fold(other[:-1]), at)]
    ours, theirs = fold(after), fold(other)
    assert views.round_closed(ours, at).correct != views.round_closed(theirs, at).correct
    assert views.snapshot(ours, None, at) != views.snapshot(theirs, None, at)


def test_who_has_answered_is_told_to_all_and_what_only_to_the_player() -> None:
    match = play(f"{BOTH_READY} 3300 a right; 3400 tick").match
    own, other, watcher = (views.snapshot(match, seat, 3400) for seat in (0, 1, None))
    assert (own.my_choice, other.my_choice, watcher.my_choice) == (0, None, None)
    for view in (own, other, watcher):
        assert [seat.answered for seat in view.seats] == [True, False]
        assert [seat.total for seat in view.seats] == [0, 0]
