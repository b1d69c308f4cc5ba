"""Match time and the beat: pauses, overdue work, and processes that have gone."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import pytest

from server.core.events import SeatTold
from server.core.ids import MatchId, ProcessId
from server.store.keys import PartitionKeys
from server.store.link import Link, scored
from server.store.log import MOST_WORK, OVERDUE_MS, MatchLogs
from tests.store.given import HERE, MATCH, Writer, logs, set_back

KEYS: Final = PartitionKeys(0)
THERE: Final = ProcessId("there")
SLACK_MS: Final = 1_500
"""How long a busy machine may take between two commands; under the gap that is a pause."""


async def paused(link: Link) -> int:
    return int(await link.call("HGET", KEYS.clock, "paused") or 0)


async def redis_ms(link: Link) -> int:
    seconds, micros = await link.call("TIME")
    return int(seconds) * 1000 + int(micros) // 1000


async def by_attach(writer: Writer) -> int:
    return (await writer.logs.attach(MATCH))[0]


async def by_append(writer: Writer) -> int:
    return (await writer.append(SeatTold(0))).at


async def by_create(writer: Writer) -> int:
    return await Writer(writer.logs, MatchId("m2")).create()


async def by_beat(writer: Writer) -> int:
    return (await writer.logs.beat(KEYS)).at


@pytest.mark.parametrize("notice", [by_attach, by_append, by_create, by_beat])
async def test_whichever_script_comes_first_takes_a_gap_out_of_match_time(
    link: Link, notice: Callable[[Writer], Awaitable[int]]
) -> None:
    writer = Writer(logs(link))
    before = await writer.create() - 60_000
    await set_back(link, 60_000)
    assert 0 <= await notice(writer) - before < SLACK_MS
    once = await paused(link)
    assert 60_000 <= once < 60_000 + SLACK_MS
    assert 0 <= await by_beat(writer) - before < SLACK_MS
    assert await paused(link) == once


async def test_a_gap_of_two_seconds_is_no_pause(link: Link) -> None:
    writer = Writer(logs(link))
    await writer.create()
    await link.call("HSET", KEYS.clock, "beat", await redis_ms(link) - 400)
    await by_beat(writer)
    assert await paused(link) == 0
    await link.call("HSET", KEYS.clock, "beat", await redis_ms(link) - 2_001)
    await by_beat(writer)
    assert 2_001 <= await paused(link) < 2_001 + SLACK_MS


async def test_without_a_pause_match_time_is_redis_time(link: Link) -> None:
    writer = Writer(logs(link))
    before = await redis_ms(link)
    assert before <= await writer.create() <= await redis_ms(link)


@pytest.mark.parametrize("run", [by_attach, by_append, by_beat])
async def test_whatever_runs_shows_that_time_runs(
    link: Link, run: Callable[[Writer], Awaitable[int]]
) -> None:
    """Or match time would come back at a pause to before entries that the log has."""
    writer = Writer(logs(link))
    await writer.create()
    await set_back(link, 1_000)
    before = await redis_ms(link)
    reached = await run(writer) - 60_000
    assert int(await link.call("HGET", KEYS.clock, "beat")) >= before
    await set_back(link, 60_000)
    assert await by_beat(writer) >= reached


async def test_pauses_add_up(link: Link) -> None:
    writer = Writer(logs(link))
    before = await writer.create() - 30_000
    for _ in range(3):
        await set_back(link, 10_000)
        await by_beat(writer)
    assert 30_000 <= await paused(link) < 30_000 + SLACK_MS
    assert 0 <= await by_attach(writer) - before < SLACK_MS


async def overdue(link: Link, matches: int, *, by_ms: int = OVERDUE_MS + 100) -> int:
    at = (await logs(link).beat(KEYS)).at
    scores: list[Any] = [part for n in range(matches) for part in (at - by_ms, f"late-{n}")]
    for key in (KEYS.due, KEYS.settle):
        await link.call("ZADD", key, *scores)
    return at


async def test_overdue_work_is_taken_and_pushed_two_seconds_ahead(link: Link) -> None:
    at = await overdue(link, 1)
    work = await logs(link).beat(KEYS)
    assert (work.due, work.unsettled) == (("late-0",), ("late-0",))
    for key in (KEYS.due, KEYS.settle):
        ((_, score),) = scored(await link.call("ZRANGE", key, 0, -1, "WITHSCORES"))
        assert work.at - OVERDUE_MS + 2_000 == score
        assert score >= at
    again = await logs(link, THERE).beat(KEYS)
    assert (again.due, again.unsettled) == ((), ())


async def test_work_that_is_not_two_seconds_late_is_left_to_those_who_hold_it(link: Link) -> None:
    await overdue(link, 1, by_ms=100)
    work = await logs(link).beat(KEYS)
    assert (work.due, work.unsettled) == ((), ())


async def test_two_beaters_do_not_both_get_the_same_work(link: Link) -> None:
    await overdue(link, 50)
    one, two = await asyncio.gather(logs(link).beat(KEYS), logs(link, THERE).beat(KEYS))
    assert sorted(one.due + two.due) == sorted(f"late-{n}" for n in range(50))


async def test_one_beat_takes_no_more_than_it_can_do(link: Link) -> None:
    await overdue(link, MOST_WORK + 6)
    first, second = await logs(link).beat(KEYS), await logs(link, THERE).beat(KEYS)
    assert (len(first.due), len(second.due)) == (MOST_WORK, 6)
    assert not set(first.due) & set(second.due)


async def beaten_ago(link: Link, process: ProcessId, ms: int) -> MatchLogs:
    """The logs of a second process; `process` has not beaten for `ms`."""
    await logs(link, process).beat(KEYS)
    await link.call("ZINCRBY", KEYS.processes, -ms, process)
    return logs(link)


async def test_a_process_that_has_not_beaten_for_five_seconds_has_gone(link: Link) -> None:
    here = await beaten_ago(link, THERE, 5_000)
    assert (await here.beat(KEYS)).gone == (THERE,)


async def test_a_process_that_has_gone_is_handed_to_one_sweeper_at_a_time(link: Link) -> None:
    here = await beaten_ago(link, THERE, 60_000)
    assert (await here.beat(KEYS)).gone == (THERE,)
    assert (await here.beat(KEYS)).gone == ()
    await link.call("ZINCRBY", KEYS.processes, -2_000, THERE)
    assert (await here.beat(KEYS)).gone == (THERE,)


async def test_a_process_that_has_beaten_lately_has_not_gone(link: Link) -> None:
    here = await beaten_ago(link, THERE, 5_000 - SLACK_MS)
    assert (await here.beat(KEYS)).gone == ()


async def test_a_pause_makes_nobody_gone(link: Link) -> None:
    await logs(link, THERE).beat(KEYS)
    await set_back(link, 60_000)
    assert (await logs(link).beat(KEYS)).gone == ()


async def test_a_process_that_beats_again_is_back(link: Link) -> None:
    here = await beaten_ago(link, THERE, 5_000)
    await logs(link, THERE).beat(KEYS)
    assert (await here.beat(KEYS)).gone == ()


async def test_a_forgotten_process_is_struck_with_what_it_held(link: Link) -> None:
    here = await beaten_ago(link, THERE, 5_000)
    await link.call("SADD", KEYS.held(THERE), MATCH)
    assert await here.held_by(KEYS, THERE) == (MATCH,)
    await here.forget(KEYS, THERE)
    assert (await here.beat(KEYS)).gone == ()
    assert await here.held_by(KEYS, THERE) == ()
    assert [
        p for p, _ in scored(await link.call("ZRANGE", KEYS.processes, 0, -1, "WITHSCORES"))
    ] == [HERE.encode()]
