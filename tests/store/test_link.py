"""The link: batches, scripts that Redis has forgotten, and a Redis that dies or hangs."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.exceptions import ResponseError

from server.store.embedded import EmbeddedRedis
from server.store.link import Link, Unavailable, scored
from server.store.node import MAX_BATCH
from tests.store.given import MATCH, Writer, logs

TRIES_EVERY_S = 0.02


@pytest.fixture
async def mortal(tmp_path: Path) -> AsyncIterator[tuple[EmbeddedRedis, Link]]:
    """A Valkey of the test's own, that may be killed, and a link to it."""
    embedded = EmbeddedRedis(tmp_path)
    link = Link(await embedded.start())
    await link.open()
    yield embedded, link
    await link.close()
    await embedded.stop()


async def stat(link: Link, name: str) -> int:
    text = (await link.call("INFO", "all")).decode()
    (line,) = (line for line in text.splitlines() if line.startswith(f"{name}:"))
    return int(line.partition(":")[2])


async def answers(link: Link) -> None:
    """Wait until Redis is back; the link must find it by itself."""
    async with asyncio.timeout(20):
        while True:
            try:
                await link.call("PING")
            except Unavailable:
                await asyncio.sleep(TRIES_EVERY_S)
            else:
                return


async def test_calls_of_one_turn_travel_together(link: Link) -> None:
    before = await stat(link, "total_reads_processed")
    replies = await asyncio.gather(*(link.call("INCR", "n") for _ in range(100)))
    reads = await stat(link, "total_reads_processed") - before
    assert replies == list(range(1, 101))
    assert reads <= 4


async def test_more_than_a_batch_is_all_answered_in_order(link: Link) -> None:
    many = 3 * MAX_BATCH + 1
    replies = await asyncio.gather(*(link.call("INCR", "n") for _ in range(many)))
    assert replies == list(range(1, many + 1))


async def test_what_is_called_meanwhile_goes_with_the_next_batch(link: Link) -> None:
    first = link.call("INCR", "n")
    await asyncio.sleep(0)
    second = link.call("INCR", "n")
    assert (await first, await second) == (1, 2)


async def test_a_refused_command_harms_only_its_caller(link: Link) -> None:
    good, bad, after = link.call("SET", "k", "v"), link.call("INCR", "k"), link.call("GET", "k")
    assert await good
    with pytest.raises(ResponseError):
        await bad
    assert await after == b"v"


async def test_a_caller_who_gives_up_does_not_shift_the_replies(link: Link) -> None:
    one, two, three = (link.call("INCR", "n") for _ in range(3))
    two.cancel()
    assert (await one, await three) == (1, 3)


async def test_scripts_that_redis_has_forgotten_are_loaded_and_run_once(link: Link) -> None:
    writer = Writer(logs(link))
    await writer.create()
    await link.call("SCRIPT", "FLUSH")
    plain, first, second = (
        link.call("INCR", "n"),
        asyncio.ensure_future(logs(link).attach(MATCH)),
        asyncio.ensure_future(logs(link).attach(MATCH)),
    )
    assert await plain == 1
    assert len((await first)[1]) == len((await second)[1]) == 1


async def test_nobody_at_the_url_is_unavailable(tmp_path: Path) -> None:
    link = Link(f"unix://{tmp_path}/nothing.sock")
    with pytest.raises(Unavailable):
        await link.open()
    await link.close()


async def test_who_waits_hears_of_it_whatever_keeps_from_connecting() -> None:
    link = Link("redis://a..b")  # what cannot even be looked up is no error of the network
    with pytest.raises(Unavailable):
        await link.open()
    await link.close()


async def test_a_closed_link_lets_its_callers_go(link: Link) -> None:
    other = Link(link._url)
    await other.open()
    waiting = other.call("BLPOP", "never", 0)
    await asyncio.sleep(0)
    await other.close()
    with pytest.raises(Unavailable):
        await waiting


async def test_a_redis_killed_in_a_batch_fails_its_callers_and_is_found_again(
    mortal: tuple[EmbeddedRedis, Link],
) -> None:
    embedded, link = mortal
    writer = Writer(logs(link))
    await writer.create()
    assert embedded.pid
    os.kill(embedded.pid, signal.SIGSTOP)
    calls = [link.call("INCR", "n") for _ in range(20)]
    await asyncio.sleep(0)  # the first batch is on its way
    assert link._node
    assert not link._node._waiting
    later = link.call("INCR", "later")
    os.kill(embedded.pid, signal.SIGKILL)
    results = await asyncio.gather(*calls, later, return_exceptions=True)
    assert {type(result) for result in results} == {Unavailable}
    await answers(link)
    assert int(await link.call("GET", "n") or 0) <= 20
    assert (await writer.append()).at > 0, "a script runs on a Redis that has not seen it"


async def test_a_redis_that_hangs_is_unavailable_in_time_and_used_again(
    mortal: tuple[EmbeddedRedis, Link], monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded, link = mortal
    monkeypatch.setattr("server.store.node.TIMEOUT_S", 0.1)
    assert embedded.pid
    os.kill(embedded.pid, signal.SIGSTOP)
    with pytest.raises(Unavailable):
        await link.call("SET", "k", "old")
    os.kill(embedded.pid, signal.SIGCONT)
    await answers(link)
    assert await link.call("ECHO", "mine") == b"mine", "no late reply is taken for another's"


def test_scores_are_read_in_pairs() -> None:
    assert scored([b"a", b"1", b"b", b"2"]) == [(b"a", 1), (b"b", 2)]
    assert scored([]) == []


async def test_who_waits_behind_a_late_batch_hears_so_along_with_it(
    mortal: tuple[EmbeddedRedis, Link],
) -> None:
    embedded, link = mortal
    assert embedded.pid is not None
    os.kill(embedded.pid, signal.SIGSTOP)
    late = link.call("PING")
    await asyncio.sleep(0)  # it is on its way
    behind = link.call("PING")
    with pytest.raises(Unavailable):
        await late
    assert behind.done()
    os.kill(embedded.pid, signal.SIGCONT)
