"""A cluster: calls and inboxes follow a slot from node to node, and nothing is done twice."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

import pytest

from server.core.events import SeatReady
from server.store import cluster as module
from server.store import inbox
from server.store.address import Address, Kind, P, Place
from server.store.cluster import KEYLESS, slot_of
from server.store.link import Link, Unavailable
from server.store.scripts import Script
from server.store.topology import place_in, place_of
from tests.store.given import HERE, MATCH, logs
from tests.store.test_inbox import KEYS, THERE, mailbox
from tests.store.test_log import begun
from tests.support.fleet import say
from tests.support.until import until

pytestmark = pytest.mark.parametrize("redis_url", [Kind.CLUSTER], indirect=True)

SLOT = slot_of(("GET", KEYS.clock))


class Moving(NamedTuple):
    """The slot of the first partition on its way from one master to another."""

    masters: tuple[Place, ...]
    source: Place
    target: Place

    async def begin(self) -> None:
        """From now on new keys of it are made at the target."""
        source, target = await self._ids()
        await say(self.target, f"CLUSTER SETSLOT {SLOT} IMPORTING {source}")
        await say(self.source, f"CLUSTER SETSLOT {SLOT} MIGRATING {target}")

    async def carry(self, *keys: str) -> None:
        """Move keys."""
        to = f"{self.target.host} {self.target.port}"
        for key in keys:
            await say(self.source, f"MIGRATE {to} {key} 0 5000")

    async def carry_all(self) -> None:
        """Move every key."""
        found = await say(self.source, f"CLUSTER GETKEYSINSLOT {SLOT} 1000")
        await self.carry(*(key.decode() for key in found))

    async def finish(self) -> None:
        """The slot is the target's, and all know it."""
        _, target = await self._ids()
        for place in (self.target, self.source, *self.masters):
            await say(place, f"CLUSTER SETSLOT {SLOT} NODE {target}")

    async def whole(self) -> None:
        """Do all of it."""
        await self.begin()
        await self.carry_all()
        await self.finish()

    def back(self) -> "Moving":
        """The other way."""
        return Moving(self.masters, self.target, self.source)

    async def _ids(self) -> tuple[str, str]:
        source, target = [await say(place, "CLUSTER MYID") for place in (self.source, self.target)]
        return source.decode(), target.decode()


@pytest.fixture
async def moving(redis_url: str, link: Link) -> AsyncIterator[Moving]:
    """The slot of the first partition, ready to move; where it was at the end."""
    del link
    masters = Address.of(redis_url).places
    (source,) = [place for place in masters if await holds(place)]
    target = next(place for place in masters if place != source)
    there = Moving(masters, source, target)
    yield there
    if not await holds(source):
        await there.back().whole()
    assert await holds(source)


async def holds(place: Place) -> bool:
    """Whether a node says that it has the slot."""
    me = (await say(place, "CLUSTER MYID")).decode()
    return any(
        first <= SLOT <= last and master[2].decode() == me
        for first, last, master, *_ in await say(place, "CLUSTER SLOTS")
    )


async def test_a_match_goes_on_while_its_slot_moves(link: Link, moving: Moving) -> None:
    writer = await begun(link)
    await moving.begin()
    await writer.append(SeatReady(0))
    await moving.carry_all()
    await moving.finish()
    await writer.append(SeatReady(1))
    assert [entry.nonce for entry in await writer.stored()] == writer.nonces
    assert not await say(moving.source, f"CLUSTER COUNTKEYSINSLOT {SLOT}")


async def test_keys_that_are_not_yet_there_are_waited_for(link: Link, moving: Moving) -> None:
    await link.call("SET", "{m:0}:a", 1)
    await link.call("SET", "{m:0}:b", 2)
    await moving.begin()
    await moving.carry("{m:0}:a")
    both = link.call("MGET", "{m:0}:a", "{m:0}:b")
    assert await link.call("GET", "{m:0}:a") == b"1"
    assert await link.call("INCR", "{m:0}:a") == 2
    assert not both.done()
    await moving.carry("{m:0}:b")
    await moving.finish()
    assert await both == [b"2", b"2"]


async def test_a_script_finds_a_key_where_its_slot_is_still_on_the_way_to(
    link: Link, moving: Moving
) -> None:
    swap = Script(link, "swap")
    await swap(["{m:0}:k"], "", "a")
    await moving.begin()
    await moving.carry_all()
    await say(moving.target, "SCRIPT FLUSH")
    assert await swap(["{m:0}:k"], "a", "b") == [1, b"b"]
    assert await swap(["{m:0}:k"], "b", "c") == [1, b"c"]
    await moving.finish()
    assert await link.call("GET", "{m:0}:k") == b"c"


async def test_a_script_that_names_a_key_of_the_future_goes_on_once_its_slot_has_moved(
    link: Link, moving: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = await begun(link)
    await moving.begin()
    monkeypatch.setattr(module, "MOST_TURNS", 2)
    with pytest.raises(Unavailable, match="TRYAGAIN"):
        await logs(link, THERE).attach(MATCH)  # there is no record yet
    monkeypatch.setattr(module, "MOST_TURNS", sys.maxsize)
    attached = asyncio.ensure_future(logs(link, THERE).attach(MATCH))
    await moving.carry_all()
    await say(moving.target, "SCRIPT FLUSH")
    await moving.finish()
    assert [entry.nonce for entry in (await attached)[1]] == writer.nonces


async def test_an_inbox_follows_a_channel_that_moves(
    redis_url: str, link: Link, moving: Moving
) -> None:
    writer = await begun(link)
    async with mailbox(redis_url) as box:
        await logs(link, THERE).attach(MATCH)
        await moving.whole()

        async def begins_again() -> bool:
            try:
                await box.inbox.probe()
            except Unavailable:
                return False
            return box.begun == 2

        await until(begins_again)
        await writer.append(SeatReady(0))
        assert [mail.index for mail in await box.holds(1)] == [1]


async def test_an_inbox_that_waits_for_a_silent_node_hears_the_others(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "TIMEOUT_S", 60.0)
    silent, other, _ = Address.of(redis_url).places
    connect = Address.connect

    async def connect_to_others(address: Address, place: Place, protocol: Callable[[], P]) -> P:
        if place == silent:
            await asyncio.Event().wait()
        return await connect(address, place, protocol)

    probes: list[asyncio.Future[None]] = []
    async with mailbox(redis_url, partitions=16) as box:
        assert box.begun == 3, "once for each master"
        there = {channel.decode() for channel in await say(other, "PUBSUB SHARDCHANNELS")}
        for master in (silent, other):
            await say(master, "CLIENT KILL TYPE pubsub")
        monkeypatch.setattr(Address, "connect", connect_to_others)
        box.again.clear()

        async def hears_again() -> bool:
            probes.append(asyncio.ensure_future(box.inbox.probe()))
            return there <= set(box.again)

        await until(hears_again)
        assert any(not probe.done() for probe in probes)
        await box.inbox.probe()
        assert len(set(box.again)) < 16
        for probe in probes:
            probe.cancel()


async def test_a_slot_that_nobody_holds_is_unavailable_until_somebody_does(
    redis_url: str, link: Link, moving: Moving
) -> None:
    await say(moving.source, f"CLUSTER DELSLOTS {SLOT}")
    other = Link(redis_url)
    try:
        with pytest.raises(Unavailable):
            await logs(link, HERE).attach(MATCH)
        await other.open()
        with pytest.raises(Unavailable):
            await logs(other, HERE).attach(MATCH)
    finally:
        await say(moving.source, f"CLUSTER ADDSLOTS {SLOT}")

    async def answers() -> bool:
        try:
            await asyncio.gather(*(logs(way, HERE).attach(MATCH) for way in (link, other)))
        except Unavailable:
            return False
        return True

    await until(answers)
    await other.close()


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("one:2", Place("one", 2)),
        (":2", Place("here", 2)),
        ("?:2", Place("here", 2)),
        ("::1:2", Place("::1", 2)),
    ],
)
def test_a_node_without_a_name_is_where_we_asked(redis_url: str, said: str, place: Place) -> None:
    del redis_url
    asked = Place("here", 1)
    assert place_in(f"MOVED 1 {said}", asked) == place
    host, _, port = said.rpartition(":")
    assert place_of([host.encode(), int(port)], asked) == place


def test_a_command_goes_by_its_first_key(redis_url: str) -> None:
    del redis_url
    assert slot_of(("GET", "{m:0}:log:a")) == slot_of(("SET", b"{m:0}", 1)) == SLOT
    assert slot_of(("EVALSHA", "digest", 2, "{m:0}:clock", "{m:0}:log:b")) == SLOT
    assert slot_of(("SSUBSCRIBE", "foo")) == 12182, "as the specification has it"
    assert {slot_of((name,)) for name in KEYLESS} == {0}
