"""What holds of every match, whatever is sent when."""

from collections import Counter

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core.commands import GRACE_MS, Decision, Settle, Tick, decide, due
from server.core.events import (
    AnswerTaken,
    Event,
    Limits,
    MatchCreated,
    MatchEnded,
    RoundClosed,
    RoundOpened,
    Settled,
)
from server.core.match import CorruptLog, Match, Phase, apply, fold
from server.core.refusal import Refused
from server.store.log import StoredEntry
from tests.core.scenario import Played, Step, created, points_by_seat, run
from tests.core.strategies import courses, played, slow_limits

laws = settings(max_examples=100)


@laws
@given(played, st.data())
def test_a_fold_does_not_depend_on_where_the_log_is_cut(match: Played, data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(match.log)))
    assert fold(match.log[cut:], fold(match.log[:cut])) == match.match
    assert fold((at, (event,)) for at, events in match.log for event in events) == match.match


@laws
@given(played)
def test_every_state_is_the_fold_of_the_log_so_far(match: Played) -> None:
    for length, state in enumerate(match.states, 1):
        assert fold(match.log[:length]) == state


@laws
@given(played)
def test_the_stored_log_alone_replays_the_match(match: Played) -> None:
    stored = [
        msgspec.msgpack.encode(StoredEntry(f"nonce{n}", at, events))
        for n, (at, events) in enumerate(match.log)
    ]
    entries = [msgspec.msgpack.decode(entry, type=StoredEntry) for entry in stored]
    assert [entry.entry for entry in entries] == match.log
    assert fold(entry.entry for entry in entries) == match.match
    assert all(raw.startswith(entry.head) for raw, entry in zip(stored, entries, strict=True))


@laws
@given(played)
def test_totals_are_the_sum_of_the_points(match: Played) -> None:
    for state in match.states:
        assert state.totals == points_by_seat(state)
        assert all(0 <= total <= 1000 * len(state.closed) for total in state.totals)


@laws
@given(played)
def test_a_seat_has_at_most_one_answer_a_round(match: Played) -> None:
    taken = Counter((e.round, e.seat) for e in match.events if isinstance(e, AnswerTaken))
    assert set(taken.values()) <= {1}
    assert all(
        e.elapsed_ms < match.match.limits.round_ms
        for e in match.events
        if isinstance(e, AnswerTaken)
    )


@laws
@given(played)
def test_rounds_open_and_close_in_turn(match: Played) -> None:
    turns = [e for e in match.events if isinstance(e, RoundOpened | RoundClosed | AnswerTaken)]
    opened, closed = 0, 0
    for event in turns:
        match event:
            case RoundOpened():
                assert event.round == opened + 1 == closed + 1
                opened += 1
            case RoundClosed():
                assert event.round == opened == closed + 1
                closed += 1
            case AnswerTaken():
                assert event.round == opened == closed + 1
    assert opened <= match.match.length


@laws
@given(played)
def test_a_round_without_both_answers_stays_open_for_its_limit_and_grace(match: Played) -> None:
    for round_ in match.match.closed:
        assert round_.closed_at is not None
        if None in round_.answers:
            least = match.match.limits.round_ms + GRACE_MS
            assert round_.closed_at - round_.opened_at >= least


@laws
@given(played)
def test_once_over_a_match_is_only_settled_and_once(match: Played) -> None:
    kinds = [type(event) for event in match.events]
    assert kinds[0] is MatchCreated
    if MatchEnded in kinds:
        assert kinds[kinds.index(MatchEnded) + 1 :] in ([], [Settled])
    else:
        assert Settled not in kinds
    phases = [state.phase for state in match.states]
    assert Phase.OVER not in phases or set(phases[phases.index(Phase.OVER) :]) == {Phase.OVER}


@laws
@given(played)
def test_nothing_is_overdue_after_a_decision(match: Played) -> None:
    for _, now, decision in match.decisions:
        following = due(decision.state)
        assert following is None or following > now
        assert (following is None) == (decision.state.phase is Phase.OVER)
        assert decision.not_before <= now


@laws
@given(played)
def test_a_decision_holds_its_events_and_the_state_they_make(match: Played) -> None:
    state = match.states[0]
    for _, now, decision in match.decisions:
        for event in decision.events:
            state = apply(state, event, now)
        assert state == decision.state


@laws
@given(courses(), slow_limits, st.integers(0, 3))
def test_a_deadline_is_in_its_decision_only_from_its_instant_on(
    steps: list[Step], numbers: Limits, behind_ms: int
) -> None:
    for late in (run(steps, numbers, on_time=False), run(steps, numbers, on_time=True)):
        state = late.states[0]
        for command, _, decision in late.decisions:
            if isinstance(command, Tick) and decision.events:
                assert _kinds(decide(state, command, decision.not_before)) == _kinds(decision)
                early = decide(state, command, decision.not_before - 1 - behind_ms)
                assert len(early.events) < len(decision.events)
            state = decision.state


def _kinds(decision: Decision) -> list[type[Event]]:
    return [type(event) for event in decision.events]


@laws
@given(played)
def test_every_match_ends_though_nobody_says_anything_more(match: Played) -> None:
    steps = 0
    while (deadline := due(match.match)) is not None:
        before = len(match.events)
        match.do(deadline, Tick())
        assert len(match.events) > before
        steps += 1
    assert match.match.ended is not None
    assert steps <= 2 + 2 * match.match.length


@laws
@given(played, st.data())
def test_a_command_that_arrives_twice_changes_nothing_more(
    match: Played, data: st.DataObject
) -> None:
    if not match.decisions:
        return
    command, now, decision = data.draw(st.sampled_from(match.decisions))
    if isinstance(command, Settle) and decision.state.settled is None:
        return  # it came before the end, and may come again
    try:
        assert decide(decision.state, command, now).events == ()
    except Refused:
        assert decision.events


@laws
@given(played)
def test_a_rule_of_the_result_holds(match: Played) -> None:
    ended = match.match.ended
    if ended is None:
        return
    first, second = match.match.totals
    answered = any(isinstance(event, AnswerTaken) for event in match.events)
    if ended.outcome == "aborted":
        assert not answered or ended.why == "abandoned"
        assert not answered or ended.charged == ()
    else:
        assert answered
        assert ended.charged == ()
    if ended.why == "played":
        assert ended.outcome == (
            "draw" if first == second else "seat_0" if first > second else "seat_1"
        )


@laws
@given(played)
def test_only_an_answer_can_be_refused_before_the_end(match: Played) -> None:
    assert {refusal.reason for refusal in match.refused} <= {
        "not_open",
        "already_answered",
        *(["over"] if match.match.ended else []),
    }


@pytest.mark.parametrize(
    "log",
    [
        [],
        [(0, ())],
        [(0, (RoundOpened(1),))],
        [(0, (created(), created()))],
        [(0, (created(),)), (1, (created(),))],
        [(0, (created(), RoundClosed(1)))],
        [(0, (created(), AnswerTaken(1, 0, 0, 0, 0)))],
    ],
)
def test_a_log_that_no_match_can_have_written_is_corrupt(
    log: list[tuple[int, tuple[Event, ...]]],
) -> None:
    with pytest.raises(CorruptLog):
        fold(log)


def test_a_seat_is_found_by_its_player() -> None:
    state: Match = fold([(0, (created(),))])
    ada, bob = (player.id for player in state.created.players)
    assert (state.seat_of(ada), state.seat_of(bob), state.seat_of(None)) == (0, 1, None)
