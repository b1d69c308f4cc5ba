"""The inbox: entries of others as they are appended, and connections that die or go mute."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from server.core.events import MatchEnded, SeatConnected, SeatReady
from server.core.ids import MatchId, ProcessId
from server.core.outcome import Outcome, Why
from server.store import inbox as module
from server.store.address import Kind
from server.store.inbox import Inbox
from server.store.keys import LOG_LIFE_MS, PartitionKeys
from server.store.link import Link, Unavailable
from server.store.log import Lost, Mark, Won, head_of
from server.store.mail import Heard, read_mail
from tests.serving import free_port
from tests.store.given import HERE, MATCH, logs
from tests.store.test_log import SETTLED, begun, beside
from tests.support.relay import relay
from tests.support.until import until

KEYS = PartitionKeys(0)
THERE = ProcessId("there")
PATIENCE_S = 60.0


class Mailbox:
    """What one process hears, and how often it began to."""

    def __init__(self, url: str, process: ProcessId = THERE, partitions: int = 1) -> None:
        self.mail: list[Heard] = []
        self.begun = 0
        self.again: list[str] = []
        self._new = asyncio.Event()
        channels = [PartitionKeys(n).inbox(process) for n in range(partitions)]
        self.inbox = Inbox(url, channels, self._hear, self._begin)

    async def holds(self, number: int) -> list[Heard]:
        """Wait for so many messages."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.mail) < number:
                self._new.clear()
                await self._new.wait()
        return self.mail

    def _hear(self, payload: bytes) -> None:
        mail = read_mail(payload)
        assert isinstance(mail, Heard)
        self.mail.append(mail)
        self._new.set()

    def _begin(self, channels: Sequence[str]) -> None:
        self.begun += 1
        self.again.extend(channels)


@asynccontextmanager
async def mailbox(
    url: str, process: ProcessId = THERE, partitions: int = 1
) -> AsyncIterator[Mailbox]:
    """A mailbox that hears."""
    box = Mailbox(url, process, partitions)
    await box.inbox.probe()
    try:
        yield box
    finally:
        box.inbox.close()


async def test_whoever_attached_hears_of_every_entry_that_others_append(
    redis_url: str, link: Link
) -> None:
    writer = await begun(link)
    async with mailbox(redis_url) as there, mailbox(redis_url, HERE) as here:
        await logs(link, THERE).attach(MATCH)
        for seat in (0, 1):
            assert isinstance(await writer.append(SeatReady(seat)), Won)
        first, second = await there.holds(2)
        assert here.mail == []
    assert (first.match, first.index, first.before) == (MATCH, 1, writer.nonces[0])
    assert (second.match, second.index, second.before) == (MATCH, 2, writer.nonces[1])
    assert (first.stored, second.stored) == (await writer.stored())[1:]
    zero, one, _ = map(head_of, writer.nonces)
    assert first.follows(1, zero)
    assert second.follows(2, one)
    assert not first.follows(2, zero)
    assert not second.follows(2, zero)


async def test_whoever_only_read_hears_nothing(redis_url: str, link: Link) -> None:
    writer = await begun(link)
    async with mailbox(redis_url) as box:
        await logs(link, THERE).read(MATCH)
        await writer.append(SeatReady(0))
        await logs(link, THERE).attach(MATCH)
        await writer.append(SeatReady(1))
        (only,) = await box.holds(1)
    assert only.index == 2


async def test_a_lost_race_tells_nobody(redis_url: str, link: Link) -> None:
    writer = await begun(link)
    other = beside(writer, link)
    async with mailbox(redis_url) as box:
        await other.logs.attach(MATCH)
        await writer.append(SeatReady(0))
        assert isinstance(await other.append(SeatReady(1)), Lost)
        await writer.append(SeatReady(1))
        assert [mail.index for mail in await box.holds(2)] == [1, 2]


async def test_whoever_appends_follows_although_redis_had_forgotten_it(link: Link) -> None:
    writer = await begun(link)
    await link.call("DEL", KEYS.followers(MATCH))  # as a failover may
    await writer.append(SeatReady(0))
    assert await link.call("SMEMBERS", KEYS.followers(MATCH)) == [HERE.encode()]
    assert LOG_LIFE_MS - 60_000 < await link.call("PTTL", KEYS.followers(MATCH)) <= LOG_LIFE_MS


async def test_followers_live_as_long_as_the_live_log(link: Link) -> None:
    writer = await begun(link)
    assert await link.call("SMEMBERS", KEYS.followers(MATCH)) == [HERE.encode()]
    await writer.append(SeatConnected(0, HERE), mark=Mark.HOLD)
    await logs(link, THERE).attach(MATCH)
    assert LOG_LIFE_MS - 60_000 < await link.call("PTTL", KEYS.followers(MATCH)) <= LOG_LIFE_MS
    await writer.append(MatchEnded(Outcome.DRAW, Why.PLAYED), mark=Mark.ENDED)
    assert await link.call("SMEMBERS", KEYS.held(HERE)) == [MATCH.encode()]
    await beside(writer, link).append(SETTLED, mark=Mark.SETTLED)
    assert not await link.call("EXISTS", KEYS.followers(MATCH), KEYS.held(HERE))
    assert len((await logs(link, THERE).attach(MATCH))[1]) == 4
    assert not await link.call("EXISTS", KEYS.followers(MATCH)), "its log is kept for a while"
    await link.call("DEL", KEYS.log(MATCH))
    await logs(link, THERE).attach(MATCH)
    await logs(link, THERE).attach(MatchId("none"))
    assert not await link.call("EXISTS", KEYS.followers(MATCH), KEYS.followers(MatchId("none")))


async def test_after_its_connection_was_cut_it_begins_again(redis_url: str, link: Link) -> None:
    writer = await begun(link)
    async with mailbox(redis_url) as box:
        await logs(link, THERE).attach(MATCH)
        assert box.begun == 1
        assert await link.call("CLIENT", "KILL", "TYPE", "pubsub") >= 1
        await writer.append(SeatReady(0))  # nobody hears it
        async with asyncio.timeout(PATIENCE_S):
            while box.begun < 2:
                await box.inbox.probe()
                await asyncio.sleep(0)
        await writer.append(SeatReady(1))
        assert [mail.index for mail in await box.holds(1)] == [2]


async def test_a_connection_that_answers_probes_is_kept(redis_url: str, link: Link) -> None:
    del link
    async with mailbox(redis_url) as box:
        for _ in range(3):
            await box.inbox.probe()
            await until(lambda: not any(ear.is_mute() for ear in box.inbox._ears))
        assert box.begun == 1


@pytest.mark.parametrize("redis_url", [Kind.ONE], indirect=True)
async def test_a_mute_connection_makes_way(
    redis_url: str, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TIMEOUT_S", 0.5)
    writer = await begun(link)
    async with relay(redis_url) as way, mailbox(way.url) as box:
        await logs(link, THERE).attach(MATCH)
        way.mute()
        await box.inbox.probe()
        with pytest.raises(Unavailable):
            await box.inbox.probe()  # the next one is as mute
        way.mend()
        await box.inbox.probe()
        assert box.begun == 2
        await writer.append(SeatReady(0))
        assert [mail.index for mail in await box.holds(1)] == [1]


async def test_a_redis_that_is_not_there_is_unavailable() -> None:
    box = Mailbox(f"redis://127.0.0.1:{free_port()}")
    with pytest.raises(Unavailable):
        await box.inbox.probe()
    assert box.begun == 0
