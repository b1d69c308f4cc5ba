"""Redis processes on loopback ports, made into a cluster or put behind sentinels."""

import asyncio
import contextlib
import itertools
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from server.store.address import Address, Place
from server.store.embedded import _guarded, find_server
from server.store.node import ask
from server.store.resp import Reply, Unavailable
from server.store.topology import SLOTS
from tests.serving import free_port
from tests.support.until import until

HOST: Final = "127.0.0.1"
MASTERS: Final = 3
CLUSTER: Final = (
    *("--cluster-enabled", "yes"),
    *("--cluster-node-timeout", "1000"),
    *("--cluster-replica-validity-factor", "0"),
    *("--repl-diskless-sync-delay", "0"),
)
DOWN_AFTER_MS: Final = 500
MASTER: Final = "duels"


class Fleet:
    """Some Redis processes, by their places, that may be killed."""

    def __init__(self, folder: Path) -> None:
        self.url = ""
        self._folder: Final = folder
        self._running: Final[dict[Place, asyncio.subprocess.Process]] = {}

    @property
    def places(self) -> list[Place]:
        """Those that have been started, in that order."""
        return list(self._running)

    async def start(self, *options: str, config: str = "") -> Place:
        """Start one more, and wait until it answers."""
        place = Place(HOST, free_port())
        home = self._folder / str(place.port)
        home.mkdir()
        configuration = home / "redis.conf"
        configuration.write_text(f"port {place.port}\nbind {HOST}\nsave ''\n{config}")
        with (home / "redis.log").open("wb") as log:
            self._running[place] = await asyncio.create_subprocess_exec(
                *_guarded(await find_server()),
                configuration,
                *options,
                cwd=home,
                stdout=log,
                stderr=log,
            )
        await until(lambda: _answers(place))
        return place

    def signal(self, place: Place, how: signal.Signals) -> None:
        """Kill, stop or continue one."""
        os.kill(self._running[place].pid, how)

    async def stop(self) -> None:
        """End them all."""
        for process in self._running.values():
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


@asynccontextmanager
async def cluster(folder: Path) -> AsyncIterator[Fleet]:
    """A cluster of three masters, each with a replica: the first three places, then theirs."""
    async with fleet(folder) as made:
        buses = [free_port() for _ in range(2 * MASTERS)]
        nodes = [await made.start(*CLUSTER, "--cluster-port", str(bus)) for bus in buses]
        ids = [(await say(node, "CLUSTER MYID")).decode() for node in nodes]
        masters, replicas = nodes[:MASTERS], nodes[MASTERS:]
        edges = [SLOTS * n // MASTERS for n in range(MASTERS + 1)]
        for number, ((first, end), node) in enumerate(
            zip(itertools.pairwise(edges), masters, strict=True)
        ):
            await say(node, f"CLUSTER ADDSLOTSRANGE {first} {end - 1}")
            await say(node, f"CLUSTER SET-CONFIG-EPOCH {number + 1}")
        for node, bus in zip(nodes[1:], buses[1:], strict=True):
            await say(nodes[0], f"CLUSTER MEET {node.host} {node.port} {bus}")
        for node in replicas:
            await until(_knows(node, len(nodes)))
        for node, master in zip(replicas, ids[:MASTERS], strict=True):
            await say(node, f"CLUSTER REPLICATE {master}")
        for node in nodes:
            await until(_is_whole(node))
        for node in replicas:
            await until(_follows(node))
        made.url = "redis+cluster://" + ",".join(map(str, masters))
        yield made


@asynccontextmanager
async def behind_sentinels(folder: Path) -> AsyncIterator[Fleet]:
    """A master, its replica and three sentinels, in this order of places."""
    async with fleet(folder) as made:
        master = await made.start("--repl-diskless-sync-delay", "0")
        replica = await made.start(
            "--repl-diskless-sync-delay", "0", "--replicaof", HOST, str(master.port)
        )
        await until(_follows(replica))
        config = (
            f"sentinel monitor {MASTER} {HOST} {master.port} 2\n"
            f"sentinel down-after-milliseconds {MASTER} {DOWN_AFTER_MS}\n"
            f"sentinel failover-timeout {MASTER} 3000\n"
        )
        sentinels = [await made.start("--sentinel", config=config) for _ in range(3)]
        for sentinel in sentinels:
            await until(_sees_the_others(sentinel))
        made.url = f"redis+sentinel://{','.join(map(str, sentinels))}/{MASTER}"
        yield made


async def say(place: Place, command: str) -> Any:  # noqa: ANN401 - whatever Redis replies
    """Ask one of them something."""
    return await ask(Address.of(f"redis://{place}"), place, [], *command.split())


async def masters(fleet: Fleet) -> list[Place]:
    """Who is a master at the moment, of those that live."""
    found = []
    for place in fleet.places:
        with contextlib.suppress(OSError, TimeoutError, Unavailable):
            if (await say(place, "ROLE"))[0] == b"master":
                found.append(place)
    return found


@asynccontextmanager
async def fleet(folder: Path) -> AsyncIterator[Fleet]:
    """Whatever a test starts, ended with it."""
    made = Fleet(folder)
    try:
        yield made
    finally:
        await made.stop()


async def _answers(place: Place) -> bool:
    with contextlib.suppress(OSError, TimeoutError, Unavailable):
        return bool(await say(place, "PING") == b"PONG")
    return False


def _is_whole(node: Place) -> Callable[[], Awaitable[bool]]:
    """Whether a node of the cluster sees all slots served, by masters with replicas."""

    async def look() -> bool:
        info = (await say(node, "CLUSTER INFO")).decode()
        shards = await say(node, "CLUSTER SLOTS")
        return "cluster_state:ok" in info and [len(shard) for shard in shards] == [4] * MASTERS

    return look


def _knows(node: Place, number: int) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        lines: Iterable[bytes] = (await say(node, "CLUSTER NODES")).splitlines()
        return sum(b"handshake" not in line for line in lines) == number

    return look


def _follows(replica: Place) -> Callable[[], Awaitable[bool]]:
    """Whether a replica is in step with its master."""

    async def look() -> bool:
        role: Reply = await say(replica, "ROLE")
        return bool(role[0] == b"slave" and role[3] == b"connected")

    return look


def _sees_the_others(sentinel: Place) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        raw = await say(sentinel, f"SENTINEL MASTER {MASTER}")
        known = dict(zip(raw[::2], raw[1::2], strict=True))
        seen = known[b"num-slaves"], known[b"num-other-sentinels"], known[b"flags"]
        return bool(seen == (b"1", b"2", b"master"))

    return look
