"""The log of a match: compare-and-set appends, what they mark, and reading it back."""

from typing import Final

import pytest

from server.core.elo import RatingChange
from server.core.events import (
    CountdownStarted,
    MatchEnded,
    SeatConnected,
    SeatReady,
    SeatTold,
    Settled,
)
from server.core.ids import MatchId, ProcessId
from server.core.outcome import Outcome, Why
from server.store.keys import LOG_LIFE_MS, SETTLED_LOG_LIFE_MS, PartitionKeys
from server.store.link import Link, scored
from server.store.log import Early, Lost, Mark, Won
from tests.store.given import FIRST_DUE_MS, HERE, MATCH, Writer, created, logs

KEYS: Final = PartitionKeys(0)
ENDED: Final = MatchEnded(Outcome.DRAW, Why.PLAYED)
CHANGE: Final = RatingChange(1500, 1500, 0, 0.5, 40)
SETTLED: Final = Settled((CHANGE, CHANGE), 1)


async def begun(link: Link, process: ProcessId = HERE) -> Writer:
    writer = Writer(logs(link, process))
    await writer.create()
    return writer


def beside(writer: Writer, link: Link, process: str = "there") -> Writer:
    """Another process that has folded the same log."""
    there = logs(link, ProcessId(process))
    return Writer(there, writer.match, writer.length, writer.last)


async def due_of(link: Link) -> dict[bytes, int]:
    return dict(scored(await link.call("ZRANGE", KEYS.due, 0, -1, "WITHSCORES")))


async def test_a_log_begins_once(link: Link) -> None:
    writer = await begun(link)
    again, _ = await writer.logs.create(MATCH, writer.logs.new_nonce(), (created(rounds=1),), 1)
    assert not again
    (entry,) = await writer.stored()
    assert entry.events == (created(),)
    assert entry.nonce == writer.nonces[0]


async def test_a_new_log_lives_a_week_and_is_due_at_its_gate(link: Link) -> None:
    writer = Writer(logs(link))
    at = await writer.create()
    life = await link.call("PTTL", KEYS.log(MATCH))
    assert LOG_LIFE_MS - 5_000 < life <= LOG_LIFE_MS
    assert await due_of(link) == {MATCH.encode(): at + FIRST_DUE_MS}


async def test_a_match_that_was_settled_does_not_begin_again(link: Link) -> None:
    writer = await begun(link)
    await writer.append(ENDED, mark=Mark.ENDED)
    await writer.append(SETTLED, mark=Mark.SETTLED)
    await link.call("DEL", KEYS.log(MATCH))
    again, _ = await writer.logs.create(MATCH, writer.logs.new_nonce(), (created(),), 1)
    assert not again


async def test_an_append_on_the_log_that_was_decided_on_wins(link: Link) -> None:
    writer = await begun(link)
    reply = await writer.append(SeatTold(0), SeatReady(1))
    assert isinstance(reply, Won)
    entry = (await writer.stored())[1]
    assert (entry.at, entry.events) == (reply.at, (SeatTold(0), SeatReady(1)))


async def test_an_append_that_comes_second_loses_and_gets_what_it_missed(link: Link) -> None:
    first = await begun(link)
    second = beside(first, link)
    await first.append(SeatTold(0))
    await first.append(SeatTold(1))
    reply = await second.append(SeatReady(0))
    assert isinstance(reply, Lost)
    assert reply.start == 1
    assert [entry.events for entry in reply.entries] == [(SeatTold(0),), (SeatTold(1),)]
    assert len(await first.stored()) == 3


async def test_an_append_to_another_log_of_that_length_gets_the_whole_log(link: Link) -> None:
    writer = await begun(link)
    await writer.append(SeatTold(0))
    other = Writer(writer.logs, MATCH, 2, b"another")
    reply = await other.append(SeatReady(0))
    assert isinstance(reply, Lost)
    assert reply.start == 0
    assert [entry.nonce for entry in reply.entries] == writer.nonces


async def test_an_append_to_a_log_that_lost_its_end_gets_the_whole_log(link: Link) -> None:
    writer = await begun(link)
    await writer.append(SeatTold(0))
    await link.call("RPOP", KEYS.log(MATCH))
    reply = await writer.append(SeatReady(0))
    assert isinstance(reply, Lost)
    assert (reply.start, len(reply.entries)) == (0, 1)


async def test_an_append_to_no_log_gets_nothing_and_writes_nothing(link: Link) -> None:
    writer = Writer(logs(link), length=1, last=b"gone")
    reply = await writer.append(SeatReady(0), due=5, mark=Mark.HOLD)
    assert isinstance(reply, Lost)
    assert (reply.start, reply.entries) == (0, ())
    assert await writer.stored() == ()
    assert await due_of(link) == {}
    assert await writer.logs.held_by(KEYS, HERE) == ()


async def test_after_a_lost_reply_ones_own_nonce_is_found(link: Link) -> None:
    writer = await begun(link)
    before = beside(writer, link, "here")
    await writer.append(SeatReady(0), nonce="mine")
    reply = await before.append(SeatReady(0), nonce="mine")
    assert isinstance(reply, Lost)
    assert [entry.nonce for entry in reply.entries] == ["mine"]
    assert len(await writer.stored()) == 2


async def test_a_nonce_that_begins_like_anothers_is_another(link: Link) -> None:
    writer = await begun(link)
    await writer.append(SeatReady(0), nonce="abcdef")
    other = Writer(writer.logs, MATCH)
    other.follow("x")
    other.follow("abc")
    assert isinstance(await other.append(SeatReady(1)), Lost)


async def test_an_entry_before_its_time_is_turned_down_and_told_the_time(link: Link) -> None:
    writer = await begun(link)
    at = (await writer.stored())[0].at
    reply = await writer.append(CountdownStarted(), not_before=at + 60_000, due=1, mark=Mark.ENDED)
    assert isinstance(reply, Early)
    assert at <= reply.at < at + 60_000
    assert len(await writer.stored()) == 1
    assert await due_of(link) == {MATCH.encode(): at + FIRST_DUE_MS}
    assert not await link.call("EXISTS", KEYS.settle)


async def test_an_entry_at_its_time_is_taken(link: Link) -> None:
    writer = await begun(link)
    at = (await writer.stored())[0].at
    assert isinstance(await writer.append(CountdownStarted(), not_before=at), Won)


async def test_an_entry_moves_the_deadline_and_none_leaves_it(link: Link) -> None:
    writer = await begun(link)
    await writer.append(SeatTold(0), due=777)
    assert await due_of(link) == {MATCH.encode(): 777}
    await writer.append(SeatTold(1))
    assert await due_of(link) == {MATCH.encode(): 777}


async def test_an_ended_match_is_due_no_more_and_waits_for_its_settlement(link: Link) -> None:
    writer = await begun(link)
    reply = await writer.append(ENDED, mark=Mark.ENDED)
    assert await due_of(link) == {}
    waiting = scored(await link.call("ZRANGE", KEYS.settle, 0, -1, "WITHSCORES"))
    assert waiting == [(MATCH.encode(), reply.at)]


async def test_a_settled_match_keeps_its_record_and_lets_everything_else_go(link: Link) -> None:
    writer = await begun(link)
    await writer.append(SeatConnected(0, HERE), mark=Mark.HOLD)
    await writer.append(ENDED, mark=Mark.ENDED)
    await writer.append(SETTLED, mark=Mark.SETTLED)
    assert not await link.call("EXISTS", KEYS.settle, KEYS.due, KEYS.held(HERE))
    assert await link.call("PTTL", KEYS.record(MATCH)) == -1
    life = await link.call("PTTL", KEYS.log(MATCH))
    assert SETTLED_LOG_LIFE_MS - 5_000 < life <= SETTLED_LOG_LIFE_MS
    record = await link.call("LRANGE", KEYS.record(MATCH), 0, -1)
    assert record == await link.call("LRANGE", KEYS.log(MATCH), 0, -1)
    assert len(record) == 4


async def test_a_process_holds_the_matches_in_which_it_reported_a_seat(link: Link) -> None:
    writer = await begun(link)
    await writer.append(SeatTold(0))
    assert await writer.logs.held_by(KEYS, HERE) == ()
    await writer.append(SeatConnected(0, HERE), mark=Mark.HOLD)
    assert await writer.logs.held_by(KEYS, HERE) == (MATCH,)
    assert await writer.logs.held_by(KEYS, ProcessId("there")) == ()


async def test_who_was_taken_for_dead_holds_again_what_is_live_and_nothing_else(link: Link) -> None:
    live, settled = MATCH, MatchId("m2")
    for match in (live, settled):
        writer = Writer(logs(link), match)
        await writer.create()
        await writer.append(SeatConnected(0, HERE), mark=Mark.HOLD)
    await writer.append(ENDED, mark=Mark.ENDED)
    await writer.append(SETTLED, mark=Mark.SETTLED)
    await writer.logs.forget(KEYS, HERE)
    await writer.logs.hold_again(KEYS, (settled, live))
    assert await writer.logs.held_by(KEYS, HERE) == (live,)


async def test_a_live_match_is_read_with_its_time(link: Link) -> None:
    writer = await begun(link)
    at, entries = await writer.logs.attach(MATCH)
    assert [entry.nonce for entry in entries] == writer.nonces
    assert 0 <= at - entries[0].at < 5_000


async def test_a_settled_match_is_read_from_its_record(link: Link) -> None:
    writer = await begun(link)
    await writer.append(ENDED, mark=Mark.ENDED)
    await writer.append(SETTLED, mark=Mark.SETTLED)
    await link.call("DEL", KEYS.log(MATCH))
    assert [entry.nonce for entry in await writer.stored()] == writer.nonces


async def test_a_match_that_never_was_has_no_entries(link: Link) -> None:
    assert await Writer(logs(link)).stored() == ()


async def test_work_on_a_match_that_does_not_exist_is_dropped(link: Link) -> None:
    await link.call("ZADD", KEYS.due, 1, MATCH, 1, "other")
    await link.call("ZADD", KEYS.settle, 1, MATCH)
    await logs(link).drop_work(MATCH)
    assert await due_of(link) == {b"other": 1}
    assert not await link.call("EXISTS", KEYS.settle)


@pytest.mark.parametrize("match", ["a", "b", "c", "d", "e", "f"])
async def test_a_match_is_on_the_partition_that_its_id_chooses(link: Link, match: str) -> None:
    writer = Writer(logs(link, partitions=3), match=MATCH.__class__(match))
    await writer.create()
    keys = writer.logs.keys(writer.match)
    assert keys in writer.logs.partitions
    assert await link.call("EXISTS", keys.log(writer.match), keys.due, keys.clock) == 3
    others = [other for other in writer.logs.partitions if other is not keys]
    assert len(others) == 2
    for other in others:
        assert not await link.call("EXISTS", other.log(writer.match), other.due)
