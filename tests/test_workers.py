"""Many processes on one port: what a duel and a caller notice when one of them goes."""

import asyncio
import base64
import contextlib
import os
import signal
import socket
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Final

import aiohttp
import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from server.core.practice import CHARACTERS
from server.web.metrics import FOLDER
from tests.play.duelist import Duelist
from tests.serving import PATIENCE_S, Server, serving
from tests.support.player import connected, sign_up
from tests.support.until import until

WORKERS: Final = 2
FLAGS: Final = (
    *("--workers", str(WORKERS), "--pair-limits", "off", "--rate-limit", "0"),
    *("--countdown-ms", "0", "--reveal-ms", "100", "--rounds", "5", "--pair-every-ms", "50"),
)
PLAYERS: Final = 6


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Server]:
    with serving(home, *FLAGS) as server:
        yield server


def url_of(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}"


def workers(server: Server) -> set[int]:
    """The workers that run."""
    found = set()
    for child in psutil.Process(server.process.pid).children():
        with contextlib.suppress(psutil.Error):  # one that has just ended
            if "server.worker" in child.cmdline():
                found.add(child.pid)
    return found


def valkey(server: Server) -> psutil.Process:
    """The Redis of a server."""
    children = psutil.Process(server.process.pid).children()
    return next(child for child in children if "valkey" in child.name())


def practising(server: Server) -> list[int]:
    """The worker at which each practice opponent that is connected plays."""
    found = []
    for pid in workers(server):
        with contextlib.suppress(psutil.Error):
            seen = psutil.Process(pid).net_connections("tcp")
            found += [
                pid
                for each in seen
                if each.status == "ESTABLISHED" and each.raddr.port == server.port
            ]
    return found


def ours(server: Server) -> Counter[int]:
    """The worker at which each connection of this process is, as both ends see it."""
    ports = {
        each.laddr.port
        for each in psutil.Process().net_connections("tcp")
        if each.status == "ESTABLISHED" and each.raddr.port == server.port
    }
    found = Counter[int]()
    for pid in workers(server):
        with contextlib.suppress(psutil.Error):
            seen = psutil.Process(pid).net_connections("tcp")
            found[pid] += sum(bool(each.raddr) and each.raddr.port in ports for each in seen)
    return found


async def counted(server: Server, name: str, *labels: str) -> float:
    """A number of `/metrics`, from whichever worker takes the call."""
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{url_of(server)}/metrics") as answer,
    ):
        families = text_string_to_metric_families(await answer.text())
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }
    return found.get((name, *labels), 0)


async def are_held(server: Server, connections: int) -> bool:
    """Whether all workers together hold so many connections."""
    return await counted(server, "deckduel_connections") == connections


async def reconnects_while(server: Server, what: Callable[[], Awaitable[None]]) -> list[int]:
    """Have duels played, one after another, until something is done that begins amid them.

    Every one of them must be played out. Gives how often each player had to connect again.
    """
    url = url_of(server)
    names = [f"{what.__name__} {number}" for number in range(PLAYERS)]
    accounts = [await sign_up(url, name.replace("_", " ")[-20:]) for name in names]
    again = [0] * PLAYERS
    doing: asyncio.Task[None] | None = None
    while True:
        was_done = doing is not None and doing.done()
        duelists = [Duelist(url, each, choice=0, rated=False) for each in accounts]
        playing = asyncio.gather(*(duelist.play() for duelist in duelists))
        async with asyncio.timeout(PATIENCE_S):
            if doing is None:
                await until(lambda: all(duelist.taken for duelist in duelists))  # noqa: B023 (awaited here)
                doing = asyncio.ensure_future(what())
            await playing
        results = [duelist.over and duelist.over["reason"] for duelist in duelists]
        assert results == ["played"] * PLAYERS
        again = [n + duelist.connections - 1 for n, duelist in zip(again, duelists, strict=True)]
        if was_done:
            doing.result()
            return again


async def test_a_killed_worker_is_replaced_and_costs_its_players_a_reconnect(
    server: Server,
) -> None:
    before = workers(server)

    async def kill() -> None:
        ((victim, players),) = ours(server).most_common(1)
        assert players
        os.kill(victim, signal.SIGKILL)
        await until(lambda: len(workers(server) - {victim}) == WORKERS)

    again = await reconnects_while(server, kill)
    assert max(again) == 1
    assert len(workers(server) & before) == WORKERS - 1


async def test_a_worker_that_is_stopped_is_replaced_and_the_practice_opponents_play_on(
    server: Server,
) -> None:
    await until(lambda: len(practising(server)) == len(CHARACTERS))
    (victim,) = set(practising(server))

    async def stop() -> None:
        os.kill(victim, signal.SIGSTOP)
        await until(lambda: victim not in workers(server))
        await until(lambda: len(practising(server)) == len(CHARACTERS))

    again = await reconnects_while(server, stop)
    assert max(again) <= 1
    assert len(set(practising(server))) == 1


async def test_a_hangup_replaces_every_worker_amid_duels_and_turns_nobody_away(
    server: Server,
) -> None:
    before = workers(server)
    answered = 0

    async def replace() -> None:
        nonlocal answered
        server.process.send_signal(signal.SIGHUP)
        replaced = asyncio.ensure_future(
            until(lambda: not workers(server) & before and len(workers(server)) == WORKERS)
        )
        connector = aiohttp.TCPConnector(force_close=True)
        async with aiohttp.ClientSession(connector=connector) as http:
            while not replaced.done():
                async with http.get(f"{url_of(server)}/readyz") as answer:
                    assert answer.status == 200
                answered += 1
        await replaced

    again = await reconnects_while(server, replace)
    assert 0 < max(again) <= WORKERS
    assert answered


async def test_a_worker_whose_successor_does_not_become_ready_serves_on(server: Server) -> None:
    before = workers(server)
    redis = valkey(server)
    redis.suspend()
    try:
        server.process.send_signal(signal.SIGHUP)
        await until(lambda: len(workers(server)) > WORKERS)
        (successor,) = workers(server) - before
        folder = Path(psutil.Process(successor).environ()[FOLDER])
        await until(lambda: len(workers(server)) == WORKERS)
    finally:
        redis.resume()
    assert workers(server) == before
    await until(lambda: not (folder / f"counter_{successor}.db").exists())
    assert all((folder / f"counter_{pid}.db").exists() for pid in before)
    assert server.fetch("/readyz") == b'{"ok":true}'


async def test_whichever_worker_is_asked_tells_what_all_count_and_the_dead_hold_nothing(
    server: Server,
) -> None:
    await until(lambda: len(practising(server)) == len(CHARACTERS))
    messages = ("deckduel_messages_total", "Ping")
    before = await counted(server, *messages)
    async with AsyncExitStack() as stack:
        visitors = [await stack.enter_async_context(connected(url_of(server))) for _ in range(8)]
        for visitor in visitors:
            await visitor.ask("ping", t=0)
        everybody = len(visitors) + len(CHARACTERS)
        await until(partial(are_held, server, everybody))  # a handshake may be under way
        for _ in range(4):  # each a connection of its own, so at any worker
            assert await counted(server, *messages) == before + len(visitors)
            assert await are_held(server, everybody)
        await until(lambda: ours(server).total() == len(visitors))
        ((victim, lost),) = ours(server).most_common(1)
        os.kill(victim, signal.SIGKILL)
        await until(partial(are_held, server, everybody - lost))
        assert await counted(server, *messages) == before + len(visitors)


def silent(server: Server) -> socket.socket:
    """A WebSocket whose other end never says anything again."""
    key = base64.b64encode(os.urandom(16)).decode()
    client = socket.create_connection(("127.0.0.1", server.port))
    client.sendall(
        f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: Upgrade\r\n"
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    assert b"101" in client.recv(64)
    return client


def test_with_the_supervisor_everything_ends_and_the_next_one_stops_in_ten_seconds(
    server: Server, home: Path
) -> None:
    """The last of all: it ends the server of the others."""
    children = psutil.Process(server.process.pid).children()
    os.kill(next(iter(workers(server))), signal.SIGSTOP)
    server.process.kill()
    assert psutil.wait_procs(children, PATIENCE_S)[1] == []
    with serving(home, *FLAGS) as following, contextlib.ExitStack() as stack:
        children = psutil.Process(following.process.pid).children()
        for _ in range(4):
            stack.enter_context(silent(following))
        valkey(following).suspend()
        began = monotonic()
        assert following.stop(signal.SIGTERM) == 0
        assert monotonic() - began < 10
        assert not any(child.is_running() for child in children)
