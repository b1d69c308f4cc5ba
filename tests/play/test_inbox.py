"""Players of one match at two processes: each hears of the other at once, whatever is lost."""

from itertools import count

import msgspec
import pytest

from server.core.commands import Answer, LoseProcess, Resign
from server.core.events import SeatConnected, SeatDisconnected, Settled
from server.core.ids import SEATS, MatchId, ProcessId
from server.core.outcome import Why
from server.core.refusal import Reason, Refused
from server.play import following, matches
from server.store.address import Address
from server.store.link import Link, Unavailable
from server.store.log import StoredEntry
from server.store.mail import Heard
from server.web import services
from server.web.services import Services
from server.wire import messages as wire
from tests.play.given import (
    Ear,
    Process,
    answers,
    comes,
    events_of,
    logged,
    made,
    short,
    signed_up,
)
from tests.support.relay import relay
from tests.support.until import until

LONG_MS = 60_000


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is found out by a deadline, a sweep or a probe of the inbox unless a test says so."""
    monkeypatch.setattr(services, "PROBE_MS", LONG_MS)


class Two:
    """Ada at one process and Bob at another, before the first of so many rounds."""

    def __init__(self, one: Services, two: Services, ada: Ear, bob: Ear, match: MatchId) -> None:
        self.one, self.two, self.ada, self.bob, self.match = one, two, ada, bob, match


@pytest.fixture
async def two(process: Process) -> Two:
    """A match of two rounds at two processes, in its first."""
    one, other = await process(running=True), await process(running=True)
    ada, bob = await signed_up(one, "Ada"), await signed_up(other, "Bob")
    match = await made(one, (ada, bob), short(round_ms=LONG_MS, ready_ms=LONG_MS))
    await comes(one, match, ada)
    await comes(other, match, bob)
    await ada.hears(wire.RoundOpened)
    await bob.hears(wire.RoundOpened)
    return Two(one, other, ada, bob, match)


async def test_each_hears_what_the_other_does_and_both_see_the_same_end(two: Two) -> None:
    watcher = Ear()
    await two.two.matches.enter(two.match, watcher)
    for number in (1, 2):
        await answers(await two.two.matches.attach(two.match), two.two, 1)
        assert (await two.ada.hears(wire.AnswerTaken, 2 * number - 1)).seat == 1
        await answers(await two.one.matches.attach(two.match), two.one, 0)
        await two.bob.hears(wire.RoundClosed, number)
    overs = [await ear.hears(wire.MatchOver) for ear in (two.ada, two.bob, watcher)]
    assert overs[0] == overs[1] == overs[2]
    ends = [ear.of(wire.RoundClosed) for ear in (two.ada, two.bob, watcher)]
    closes = [[(end.round, end.answers, end.totals) for end in each] for each in ends]
    assert [number for number, *_ in closes[0]] == [1, 2]
    assert closes[0] == closes[1] == closes[2]
    assert not two.one.matches.holds(two.match)
    assert not two.two.matches.holds(two.match)


async def test_what_was_lost_is_read_when_the_next_is_heard(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear, heard = two.one.matches.following.hear, count()

    def deaf_at_first(message: Heard) -> None:
        if next(heard) > 0:
            hear(message)

    monkeypatch.setattr(two.one.matches.following, "hear", deaf_at_first)
    live = await two.two.matches.attach(two.match)
    await answers(live, two.two, 1)
    await two.two.matches.perform(live, lambda _: Resign(1))
    await two.ada.hears(wire.MatchOver)
    assert [taken.seat for taken in two.ada.of(wire.AnswerTaken)] == [1]
    assert not two.ada.of(wire.MatchView), "events in their order, and no fresh snapshot"


async def test_what_was_said_while_it_was_deaf_is_read_when_it_hears_again(
    two: Two, link: Link
) -> None:
    two.one.inbox.close()
    await answers(await two.two.matches.attach(two.match), two.two, 1)
    assert not two.ada.of(wire.AnswerTaken)
    await two.one.inbox.probe()
    assert (await two.ada.hears(wire.AnswerTaken)).seat == 1
    assert await link.call("PING")


async def test_an_entry_that_overtakes_the_log_on_its_way_is_not_lost(
    two: Two, process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    third, watcher = await process(running=True), Ear()
    attach, heard = third.logs.attach, list[Heard]()
    hear = third.matches.following.hear

    def note(message: Heard) -> None:
        hear(message)
        heard.append(message)

    async def overtaken(match: MatchId, start: int = 0) -> tuple[int, tuple[StoredEntry, ...]]:
        monkeypatch.setattr(third.logs, "attach", attach)
        found = await attach(match, start)
        await answers(await two.two.matches.attach(match), two.two, 1)

        async def is_heard() -> bool:
            return bool(heard)

        await until(is_heard)
        return found

    monkeypatch.setattr(third.matches.following, "hear", note)
    monkeypatch.setattr(third.logs, "attach", overtaken)
    view = await third.matches.enter(two.match, watcher)
    assert [seat.answered for seat in view.seats] == [False, False]
    assert (await watcher.hears(wire.AnswerTaken)).seat == 1


async def test_a_log_that_goes_on_differently_is_folded_anew(two: Two, link: Link) -> None:
    log = two.one.logs.keys(two.match).log(two.match)
    here, there = (
        await two.one.matches.attach(two.match),
        await two.two.matches.attach(two.match),
    )
    two.two.inbox.close()
    await answers(here, two.one, 0)
    await link.call("RPOP", log)  # a failover loses what was not copied yet
    await answers(there, two.two, 1)
    view = await two.ada.hears(wire.MatchView)
    assert [seat.answered for seat in view.seats] == [False, True]
    assert here.last == there.last


async def test_an_entry_that_was_appended_again_at_another_instant_is_folded_anew(
    two: Two, link: Link
) -> None:
    log = two.one.logs.keys(two.match).log(two.match)
    there = await two.two.matches.attach(two.match)
    await answers(await two.one.matches.attach(two.match), two.one, 0)
    await two.bob.hears(wire.AnswerTaken)
    two.two.inbox.close()
    nonce, at, events = msgspec.msgpack.decode(await link.call("LINDEX", log, -1))
    await link.call("LSET", log, -1, msgspec.msgpack.encode([nonce, at + 500, events]))
    two.two.matches.following.look_again(there)
    await two.bob.hears(wire.MatchView)
    assert there.last_at == at + 500


async def test_a_settled_match_of_which_the_end_is_lost_tells_nobody_that_it_goes_on(
    two: Two, link: Link
) -> None:
    keys = two.one.logs.keys(two.match)
    live = await two.one.matches.attach(two.match)
    await two.one.matches.perform(live, lambda _: Resign(0))
    await two.ada.hears(wire.MatchOver)
    await link.call("DEL", keys.record(two.match))
    await link.call("RPOP", keys.log(two.match))
    await two.one.matches.following._listen(live, None)  # which had been on its way
    assert two.ada.of(wire.MatchView) == []


async def test_without_redis_it_is_read_as_soon_as_it_is_back(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "LATER_MS", 10)
    two.one.inbox.close()
    await answers(await two.two.matches.attach(two.match), two.two, 1)
    attach, tries = two.one.logs.attach, count()

    async def gone_at_first(match: MatchId, start: int = 0) -> tuple[int, tuple[StoredEntry, ...]]:
        if next(tries) == 0:
            raise Unavailable("gone")
        return await attach(match, start)

    monkeypatch.setattr(two.one.logs, "attach", gone_at_first)
    two.one.matches.following.hear_again(range(two.one.settings.partitions))
    view = await two.ada.hears(wire.MatchView)
    assert [seat.answered for seat in view.seats] == [False, True]


async def test_an_answer_to_a_round_that_opened_unheard_is_taken(two: Two) -> None:
    here, there = await two.one.matches.attach(two.match), await two.two.matches.attach(two.match)
    two.one.inbox.close()
    for seat in SEATS:
        await answers(there, two.two, seat)
    await two.one.matches.perform(here, lambda _: Answer(0, 2, 1, 1_000, 0))
    assert [opened.round for opened in two.ada.of(wire.RoundOpened)] == [1, 2]
    assert here.state.rounds[1].answers[0] is not None


async def test_an_answer_given_again_at_another_process_is_refused_with_the_first_choice(
    two: Two,
) -> None:
    two.two.inbox.close()
    await answers(await two.one.matches.attach(two.match), two.one, 0, choice=2)
    with pytest.raises(Refused) as refused:
        await answers(await two.two.matches.attach(two.match), two.two, 0, choice=1)
    assert (refused.value.reason, refused.value.choice) == (Reason.ALREADY_ANSWERED, 2)


async def test_whoever_provokes_refusals_has_the_log_read_now_and_then_only(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    attach, reads = two.one.logs.attach, count()

    async def counted(match: MatchId, start: int = 0) -> tuple[int, tuple[StoredEntry, ...]]:
        next(reads)
        return await attach(match, start)

    monkeypatch.setattr(two.one.logs, "attach", counted)
    monkeypatch.setattr(matches, "LOOK_AT_MOST_MS", LONG_MS)
    live = await two.one.matches.attach(two.match)
    for _ in range(20):
        with pytest.raises(Refused):
            await two.one.matches.perform(live, lambda _: Answer(0, 9, 1, 1_000, 0))
    assert next(reads) <= 1


async def test_a_seat_that_is_still_at_one_process_is_not_away_when_it_leaves_the_other(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matches, "AWAY_AFTER_MS", 10)
    tab = Ear(two.ada.account)
    await two.two.matches.enter(two.match, tab)
    two.two.matches.leave(two.match, tab)
    await logged(two.one, two.match, SeatConnected, 4)
    assert (await events_of(two.one, two.match))[-2:] == [
        SeatDisconnected(0, 10),
        SeatConnected(0, two.one.process),
    ]
    there = await two.two.matches.attach(two.match)
    assert there.state.seats[0].process == two.one.process


async def test_a_process_where_nobody_is_any_more_leaves_a_match_to_the_others(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And has it again with whoever comes."""
    monkeypatch.setattr(matches, "AWAY_AFTER_MS", 10)
    followers = two.two.logs.keys(two.match).followers(two.match)
    spectator = Ear()
    await two.two.matches.enter(two.match, spectator)
    two.two.matches.leave(two.match, two.bob)

    async def follows() -> bool:
        return bool(await two.one.link.call("SISMEMBER", followers, two.two.process))

    async def is_left() -> bool:
        return not await follows()

    await logged(two.one, two.match, SeatDisconnected)
    assert two.two.matches.holds(two.match)
    assert await follows()
    two.two.matches.leave(two.match, spectator)
    await until(is_left)
    assert not two.two.matches.holds(two.match)
    await two.two.matches.command(two.match, lambda _: LoseProcess(ProcessId("dead")))
    assert await is_left()
    await two.two.matches.enter(two.match, two.bob)
    await answers(await two.one.matches.attach(two.match), two.one, 0)
    await two.bob.hears(wire.AnswerTaken)


async def test_what_another_process_settled_unheard_is_told_all_the_same(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matches, "SETTLED_WITHIN_MS", 10)
    hear = two.one.matches.following.hear

    def but_for_the_last(message: Heard) -> None:
        if not any(isinstance(event, Settled) for event in message.stored.events):
            hear(message)

    monkeypatch.setattr(two.one.matches.following, "hear", but_for_the_last)
    await two.two.matches.command(two.match, lambda _: Resign(1))
    assert (await two.ada.hears(wire.MatchOver)).reason == Why.RESIGNED
    assert not two.one.matches.holds(two.match)


async def test_a_mute_inbox_is_noticed_and_every_log_read_again(
    process: Process, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "PROBE_MS", 50)
    async with relay(redis_url) as way:
        one, other = await process(), await process(running=True)
        monkeypatch.setattr(one.inbox, "_address", Address.of(way.url))
        await one.start()
        ada, bob = await signed_up(one, "Ada"), await signed_up(other, "Bob")
        match = await made(one, (ada, bob), short(round_ms=LONG_MS, ready_ms=LONG_MS))
        await comes(one, match, ada)
        live = await comes(other, match, bob)
        await ada.hears(wire.RoundOpened)
        way.mute_those()
        await answers(live, other, 1)
        assert (await ada.hears(wire.AnswerTaken)).seat == 1
