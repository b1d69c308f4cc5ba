"""The sweeper: with nobody connected, rounds close, seats are lost, matches end and settle."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from server.core.events import MatchEnded, RoundClosed, SeatDisconnected, Settled
from server.core.ids import SEATS, MatchId
from server.core.outcome import Outcome, Why
from server.play import sweeper
from server.store.embedded import EmbeddedRedis
from server.store.keys import PartitionKeys
from server.store.link import Unavailable
from server.store.log import OVERDUE_MS, Work
from server.store.players import match_hold
from server.store.seeks import Claim, Seek, Seeks, new_nonce, seek_hold
from server.web.services import Services
from server.wire import messages as wire
from tests.play.given import (
    DECK,
    PATIENCE_S,
    Ear,
    Process,
    answers,
    comes,
    ended,
    event_zero,
    events_of,
    logged,
    made,
    processes,
    seated,
    short,
    signed_up,
)
from tests.support.until import until

LONG_GONE_MS = 6_000


async def two(at: Services) -> tuple[Ear, Ear]:
    return await signed_up(at, "Ada"), await signed_up(at, "Bob")


async def dies(at: Services, *, long_ago: bool = False) -> None:
    """The process does nothing more; its last beat may have been long ago."""
    (partition,) = at.logs.partitions
    await at.logs.beat(partition)
    if long_ago:
        await at.link.call("ZINCRBY", partition.processes, -LONG_GONE_MS, at.process)
    await at.timers.close()


async def test_a_match_that_everybody_left_is_played_out_and_settled(process: Process) -> None:
    died = await process()
    ears = await two(died)
    match = await made(died, ears, short(round_ms=100))
    for ear in ears:
        await comes(died, match, ear)
    await dies(died)
    heir = await process(running=True)
    await logged(heir, match, Settled)
    events = await events_of(heir, match)
    assert [event.round for event in events if isinstance(event, RoundClosed)] == [1, 2]
    assert MatchEnded(Outcome.ABORTED, Why.ABANDONED, SEATS) in events
    assert [await heir.players.held_by(ear.who.id) for ear in ears] == ["", ""]
    assert not await heir.link.call(
        "EXISTS", heir.logs.partitions[0].due, heir.logs.partitions[0].settle
    )


async def test_nobody_at_the_gate_ends_the_match(process: Process) -> None:
    died = await process()
    ears = await two(died)
    match = await made(died, ears, short(ready_ms=100))
    heir = await process(running=True)
    await logged(heir, match, Settled)
    assert MatchEnded(Outcome.ABORTED, Why.NO_SHOW) in await events_of(heir, match)


async def test_the_seats_of_a_dead_process_are_lost_and_forfeit(process: Process) -> None:
    died, heir = await process(), await process(running=True)
    ada, bob = await signed_up(heir, "Ada"), await signed_up(died, "Bob")
    match = await made(heir, (ada, bob), short(forfeit_ms=100))
    await comes(died, match, bob)
    live = await comes(heir, match, ada)
    await answers(live, heir, 0)
    await dies(died, long_ago=True)
    over = await ada.hears(wire.MatchOver)
    assert (over.outcome, over.reason) == ("seat_0", "forfeit")
    assert over.ratings is not None
    assert [rating.change for rating in over.ratings] == [20, -20]
    lost = [e for e in await events_of(heir, match) if isinstance(e, SeatDisconnected)]
    assert lost == [SeatDisconnected(1, 0)]
    partition = heir.logs.partitions[0]

    async def buried() -> bool:
        return not await heir.link.call("EXISTS", partition.held(died.process))

    await until(buried)
    assert await heir.link.call("ZSCORE", partition.processes, died.process) is None


async def test_a_log_that_nobody_here_can_read_keeps_no_other_seat_from_being_lost(
    process: Process,
) -> None:
    died = await process()
    (partition,) = died.logs.partitions
    for one, other in (("Ada", "Bob"), ("Cyd", "Dan")):
        ears = await signed_up(died, one), await signed_up(died, other)
        await comes(died, await made(died, ears), ears[0])
    unreadable, *others = await died.logs.held_by(partition, died.process)
    await died.link.call("RPUSH", partition.log(unreadable), b"of a newer version")
    await dies(died, long_ago=True)
    heir = await process(running=True)
    for match in others:
        await logged(heir, match, SeatDisconnected)

    async def buried() -> bool:
        return await heir.link.call("ZSCORE", partition.processes, died.process) is None

    await until(buried)


async def test_an_ended_match_that_nobody_settled_is_settled(process: Process) -> None:
    died = await process()
    match = await ended(died, *(await two(died)))
    await died.link.call("ZADD", died.logs.partitions[0].settle, 1, match)
    heir = await process(running=True)
    await logged(heir, match, Settled)
    assert [row.rating for row in await heir.ladders.top(DECK)] == [1520, 1480]


async def test_who_came_when_the_process_died_seeks_on_where_the_socket_is(
    process: Process,
) -> None:
    died, heir = await process(), await process()
    ada, bob = await signed_up(heir, "Ada"), await signed_up(died, "Bob")
    match = await made(died, (ada, bob), short(ready_ms=300))
    await comes(heir, match, ada)
    await heir.start()
    seeking = await ada.hears(wire.Seeking)
    assert seeking.waiting == 1
    assert not bob.of(wire.Seeking)


async def test_a_claim_left_half_done_is_carried_out_and_told(process: Process) -> None:
    died = await process()
    ears = await two(died)
    seeks = Seeks(died.link, DECK)
    for ear in ears:
        seek = Seek(await seated(died, ear.who), new_nonce(), None)
        await died.players.hold(ear.who.id, "", seek_hold(DECK, "rated", seek.nonce))
        await seeks.add("rated", seek)
    found = {seek.player: seek for seek in (await seeks.read("rated")).standing}
    one, other = (found[ear.who.id] for ear in ears)
    claim = Claim("rated", "zero", await event_zero(died, ears), (one.seek.nonce, other.seek.nonce))
    assert await seeks.claim(claim, (one, other))
    heir = await process()
    here = [Ear(ear.account) for ear in ears]
    for ear in here:
        heir.presence.arrive(ear)
    await heir.start()
    for ear in here:
        assert (await ear.hears(wire.Paired)).match == claim.created.match
        assert await heir.players.held_by(ear.who.id) == match_hold(claim.created.match)


async def holds(at: Services, heir: Services, match: MatchId) -> bool:
    """Whether another process is told that one holds seats of a match, and of no other."""
    (partition,) = at.logs.partitions
    return await heir.logs.held_by(partition, at.process) == (match,)


async def test_a_process_that_was_taken_for_dead_says_again_which_seats_it_holds(
    process: Process,
) -> None:
    at, heir = await process(running=True), await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    match = await made(at, (ada, bob))
    await at.matches.enter(match, ada)
    (partition,) = at.logs.partitions
    assert await holds(at, heir, match)
    await heir.logs.forget(partition, at.process)

    await until(partial(holds, at, heir, match))


async def test_it_says_so_again_even_where_redis_goes_away_meanwhile(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, heir = await process(running=True), await process()
    ada, bob = await two(at)
    match = await made(at, (ada, bob))
    await at.matches.enter(match, ada)
    (partition,) = at.logs.partitions
    beat, hold_again = at.logs.beat, at.logs.hold_again

    async def beat_unheard(keys: PartitionKeys) -> Work:
        work = await beat(keys)
        if work.known:
            return work
        raise Unavailable

    async def hold_in_vain(*_: object) -> None:
        monkeypatch.setattr(at.logs, "hold_again", hold_again)
        raise Unavailable

    monkeypatch.setattr(at.logs, "beat", beat_unheard)
    monkeypatch.setattr(at.logs, "hold_again", hold_in_vain)
    await heir.logs.forget(partition, at.process)

    await until(partial(holds, at, heir, match))


async def test_nothing_that_takes_long_holds_up_a_beat(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = await process(partitions=2)
    well, silent = at.logs.partitions
    beat, released, beats = at.logs.beat, asyncio.Event(), asyncio.Semaphore(0)
    begun: list[MatchId] = []

    async def beat_if_well(keys: PartitionKeys) -> Work:
        if keys is silent:
            await released.wait()
        beats.release()
        return await beat(keys)

    async def settle(match: MatchId) -> None:
        begun.append(match)
        await released.wait()

    monkeypatch.setattr(sweeper, "BEAT_MS", 10)
    monkeypatch.setattr(at.logs, "beat", beat_if_well)
    monkeypatch.setattr(at.settling, "settle", settle)
    await at.link.call("ZADD", well.settle, 1, "long")
    await at.start()
    async with asyncio.timeout(PATIENCE_S):
        for _ in range(20):
            await beats.acquire()
    assert begun == ["long"]
    released.set()


async def test_work_that_a_process_died_over_is_done_by_another(process: Process) -> None:
    dead = await process()
    ada, bob = await signed_up(dead, "Ada"), await signed_up(dead, "Bob")
    match = await ended(dead, ada, bob)
    (partition,) = dead.logs.partitions
    await dead.link.call("ZINCRBY", partition.settle, -OVERDUE_MS, match)
    assert (await dead.logs.beat(partition)).unsettled == (match,)
    assert (await dead.logs.beat(partition)).unsettled == ()
    heir = await process(running=True)
    await logged(heir, match, Settled)


async def test_work_on_what_does_not_exist_is_dropped(process: Process) -> None:
    at = await process()
    (partition,) = at.logs.partitions
    for key in (partition.due, partition.settle):
        await at.link.call("ZADD", key, 1, "gone")
    await at.link.call("SADD", partition.held(at.process), "gone")
    await dies(at, long_ago=True)
    heir = await process(running=True)

    async def done() -> bool:
        left = (partition.due, partition.settle, partition.held(at.process))
        return not await heir.link.call("EXISTS", *left)

    await until(done)


@pytest.fixture
async def embedded(tmp_path: Path) -> AsyncIterator[EmbeddedRedis]:
    """A Valkey of the test's own."""
    embedded = EmbeddedRedis(tmp_path)
    await embedded.start()
    yield embedded
    await embedded.stop()


async def test_an_outage_of_redis_takes_no_time_from_a_round(embedded: EmbeddedRedis) -> None:
    """Longer than the round itself: the beat that notices gives all of it back."""
    async with processes(f"unix://{embedded._socket_dir}/redis.sock") as process:
        at = await process(running=True)
        ears = await two(at)
        match = await made(at, ears, short(round_ms=2_000))
        for ear in ears:
            await comes(at, match, ear)
        assert embedded.pid
        os.kill(embedded.pid, signal.SIGSTOP)
        await asyncio.sleep(3.5)
        os.kill(embedded.pid, signal.SIGCONT)
        watching = Ear()

        async def answered() -> bool:
            view = await at.matches.enter(match, watching)
            return view.phase == "open" and view.round == 1 and view.left_ms > 0

        await until(answered)
        live = await at.matches.attach(match)
        await answers(live, at, 0)
        await answers(live, at, 1)
        assert None not in live.state.rounds[0].answers
        await logged(at, match, RoundClosed)
