"""Live matches: lost races, two processes on one match, seats that come and go."""

import asyncio
from typing import Never, TypedDict, Unpack

import pytest

from server.core.commands import GetReady, LoseProcess, Resign
from server.core.events import (
    AnswerTaken,
    Event,
    RoundClosed,
    SeatConnected,
    SeatDisconnected,
    SeatReady,
    Settled,
)
from server.core.ids import SEATS, MatchId
from server.core.match import Phase
from server.core.refusal import Reason, Refused
from server.play import matches
from server.play.timers import mono_ms
from server.store.link import Link, Unavailable
from server.store.log import Mark
from server.wire import messages as wire
from tests.play.given import (
    Ear,
    Process,
    answers,
    comes,
    ended,
    events_of,
    logged,
    made,
    short,
    signed_up,
)
from tests.support.until import until


async def test_answers_at_two_processes_at_once_both_count(process: Process) -> None:
    one, two = await process(), await process()
    ada, bob = await signed_up(one, "Ada"), await signed_up(two, "Bob")
    match = await made(one, (ada, bob), short(rounds=8))
    first, second = await comes(one, match, ada), await comes(two, match, bob)
    for number in range(1, 9):
        for live in (first, second):
            live.stale = True
        assert (await one.matches.attach(match)) is first
        await asyncio.gather(answers(first, one, 0), answers(second, two, 1))
        events = await events_of(one, match)
        taken = [(e.round, e.seat) for e in events if isinstance(e, AnswerTaken)]
        assert sorted(taken) == [(n, seat) for n in range(1, number + 1) for seat in SEATS]
        assert sum(isinstance(e, RoundClosed) for e in events) == number


async def test_whoever_lost_the_race_is_told_everything_in_order(process: Process) -> None:
    one, two = await process(), await process()
    ada, bob = await signed_up(one, "Ada"), await signed_up(two, "Bob")
    match = await made(one, (ada, bob))
    first = await comes(one, match, ada)
    await comes(two, match, bob)
    await answers(await two.matches.attach(match), two, 1)
    assert not ada.of(wire.RoundOpened)
    await one.matches.perform(first, lambda _: Resign(0))
    told = [type(message) for message in ada.heard]
    assert told[-5:] == [
        *(wire.SeatChanged, wire.SeatChanged, wire.CountdownStarted, wire.RoundOpened),
        wire.AnswerTaken,
    ]
    assert first.state.phase is Phase.OVER


async def test_the_second_of_two_equal_commands_finds_it_done(process: Process) -> None:
    one, two = await process(), await process()
    ada, bob = await signed_up(one, "Ada"), await signed_up(two, "Bob")
    match = await made(one, (ada, bob))
    first, second = await one.matches.attach(match), await two.matches.attach(match)
    await one.matches.perform(first, lambda _: Resign(0))
    with pytest.raises(Refused) as refusal:
        await two.matches.perform(second, lambda _: Resign(1))
    assert refusal.value.reason is Reason.OVER
    assert second.state.ended == first.state.ended


async def test_a_seat_that_another_process_reports_away_insists(process: Process) -> None:
    one, two = await process(), await process()
    ada, bob = await signed_up(one, "Ada"), await signed_up(two, "Bob")
    match = await made(one, (ada, bob))
    await one.matches.enter(match, ada)
    first, second = await one.matches.attach(match), await two.matches.attach(match)
    await two.matches.perform(second, lambda _: LoseProcess(one.process))
    assert (await events_of(one, match))[-1] == SeatDisconnected(0, 0)
    await one.matches.perform(first, lambda _: GetReady(0))
    await logged(one, match, SeatConnected, 2)
    assert (await events_of(one, match))[-3:] == [
        SeatDisconnected(0, 0),
        SeatReady(0),
        SeatConnected(0, one.process),
    ]
    seen = [(seat.connected, seat.ready) for seat in ada.of(wire.SeatChanged)]
    assert seen == [(False, False), (False, True), (True, True)]


async def test_a_seat_that_has_no_socket_here_does_not_insist(process: Process) -> None:
    one, two = await process(), await process()
    ada, bob = await signed_up(one, "Ada"), await signed_up(two, "Bob")
    match = await made(one, (ada, bob))
    await one.matches.enter(match, ada)
    first, second = await one.matches.attach(match), await two.matches.attach(match)
    await two.matches.enter(match, bob)
    await two.matches.perform(second, lambda _: LoseProcess(one.process))
    one.matches.leave(match, ada)
    await one.matches.perform(first, lambda _: GetReady(0))
    assert first.state.seats[0].process is None
    await logged(one, match, SeatReady)
    assert sum(isinstance(e, SeatConnected) for e in await events_of(one, match)) == 2


async def test_a_seat_left_by_its_last_socket_is_away_after_a_while(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matches, "AWAY_AFTER_MS", 60)
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    match = await made(at, (ada, bob))
    live = await comes(at, match, ada)
    again = Ear(ada.account)
    await at.matches.enter(match, again)
    await comes(at, match, bob)
    left = mono_ms()
    at.matches.leave(match, ada)
    assert not at.timers.pending((match, 0)), "one of two tabs is no seat left"
    at.matches.leave(match, again)
    changed = await bob.hears(wire.SeatChanged, len(bob.of(wire.SeatChanged)) + 1)
    assert mono_ms() - left >= 60
    assert (changed.seat, changed.connected) == (0, False)
    assert changed.forfeit_in_ms == pytest.approx(30_000 - 60, abs=500)
    assert live.state.seats[0].away_since is not None


async def test_a_reload_is_no_absence(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matches, "AWAY_AFTER_MS", 60)
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    match = await made(at, (ada, bob))
    await comes(at, match, ada)
    await comes(at, match, bob)
    at.matches.leave(match, ada)
    await at.matches.enter(match, Ear(ada.account))
    at.matches.leave(match, bob)
    await logged(at, match, SeatDisconnected)
    away = [e.seat for e in await events_of(at, match) if isinstance(e, SeatDisconnected)]
    assert away == [1]


async def test_a_log_that_lost_its_end_is_folded_anew_and_shown(
    process: Process, link: Link
) -> None:
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    match = await made(at, (ada, bob))
    await comes(at, match, ada)
    live = await comes(at, match, bob)
    await answers(live, at, 0)
    await link.call("RPOP", at.logs.keys(match).log(match))
    await answers(live, at, 1)
    view = bob.of(wire.MatchView)[-1]
    assert [seat.answered for seat in view.seats] == [False, False]
    taken = [e.seat for e in await events_of(at, match) if isinstance(e, AnswerTaken)]
    assert taken == [1]
    await answers(live, at, 0)
    assert len(live.state.closed) == 1


async def test_no_match_of_that_name_is_refused(process: Process) -> None:
    at = await process()
    with pytest.raises(Refused) as refusal:
        await at.matches.enter(MatchId("none"), Ear())
    assert refusal.value.reason is Reason.NO_SUCH_MATCH


async def test_a_settled_match_is_shown_and_not_held(process: Process) -> None:
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    match = await made(at, (ada, bob))
    live = await at.matches.attach(match)
    await at.matches.perform(live, lambda _: Resign(0))
    await at.matches.enter(match, ada)
    await ada.hears(wire.MatchOver)
    assert len(at.matches) == 0
    view = await at.matches.enter(match, Ear())
    assert view.result is not None
    assert len(at.matches) == 0


async def test_a_settled_match_names_its_players_as_they_are_called_by_now(
    process: Process,
) -> None:
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    match = await ended(at, ada, bob)
    view = await at.matches.enter(match, Ear())
    assert [seat.name for seat in view.seats] == ["Ada", "Bob"]
    await at.settling.settle(match)
    await at.accounts.rename(ada.who, "Zoe")
    await at.accounts.delete(bob.who.id)
    for listener in (Ear(), ada):
        view = await at.matches.enter(match, listener)
        assert [seat.name for seat in view.seats] == ["Zoe", "deleted player"]


class Appended(TypedDict):
    """What `MatchLogs.append` takes by name."""

    length: int
    last: bytes
    head: bytes
    events: tuple[Event, ...]
    decided_at: int
    not_before: int
    due: int | None
    mark: Mark


async def test_an_end_whose_reply_was_lost_is_settled_and_told_with_nobody_asking(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    match = await made(at, (ada, bob), short(rounds=8))
    live = await comes(at, match, ada)
    await comes(at, match, bob)
    await answers(live, at, 0)
    append = at.logs.append
    monkeypatch.setattr(matches, "RETRY_FOR_MS", 0)
    monkeypatch.setattr(matches, "LATER_MS", 20)

    async def lose_the_reply(of: MatchId, **entry: Unpack[Appended]) -> Never:
        await append(of, **entry)
        monkeypatch.setattr(at.logs, "append", append)
        raise Unavailable("lost")

    monkeypatch.setattr(at.logs, "append", lose_the_reply)
    with pytest.raises(Unavailable):
        await at.matches.command(match, lambda _: Resign(0))
    await logged(at, match, Settled)

    async def told() -> bool:
        return any(view.result for view in ada.of(wire.MatchView)) or bool(ada.of(wire.MatchOver))

    await until(told)


async def test_watchers_are_counted_as_they_come_and_go_and_not_looked_through(
    process: Process,
) -> None:
    at = await process()
    ears = (await signed_up(at, "Ada"), await signed_up(at, "Bob"))
    live = await at.matches.attach(await made(at, ears))
    cas = (await signed_up(at, "Cas")).who
    pages, crowd = [Ear(cas), Ear(cas)], [Ear() for _ in range(3)]
    for ear in (*pages, *crowd, pages[0]):
        live.watch(ear)
    assert live.watchers == 4
    for ear in crowd:
        del ear.account  # whoever is looked at now fails
    live.drop(pages[0])
    live.drop(pages[0])
    assert live.watchers == 4, "in his other page"
    live.drop(pages[1])
    assert live.watchers == 3


async def test_everybody_is_told_anew_after_a_pause_and_not_after_a_late_reply(
    process: Process,
) -> None:
    at = await process()
    ears = (await signed_up(at, "Ada"), await signed_up(at, "Bob"))
    match = await made(at, ears)
    live = await comes(at, match, ears[0])
    now, told_time = live.clock.now(mono_ms()), at.matches.following.told_time
    told_time(0, now, 5_000)
    told_time(0, now - 1_900, 5_000)
    told_time(0, now - 1_900, 6_900)
    await ears[0].hears(wire.MatchView)
    async with live.turn():  # whoever else tells has had his turn
        assert len(ears[0].of(wire.MatchView)) == 1
