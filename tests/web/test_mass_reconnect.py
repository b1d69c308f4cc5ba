"""Two thousand sockets that come at once, and once more after a restart, while others play."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from unittest import mock

from server.store.link import Link
from server.web import arrivals
from server.web.arrivals import AT_WORK, allow_many_sockets
from server.web.dispatch import Dispatch
from server.web.socket import Connection
from tests.conftest import quick_settings
from tests.serving import free_port
from tests.support.player import Map, in_round
from tests.support.served import Served, serve
from tests.web.table import Table, table

SOCKETS = 2_000
PLAYERS = 50
DUELS = 3
ROUNDS = 10
PATIENCE_S = 120


class Crowd:
    """The process of all these sockets."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def all_there(self) -> Map:
        """Wait until all have been welcomed; what it took."""
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            told: Map = json.loads(await self._process.stdout.readline())
        return told


@asynccontextmanager
async def crowd(port: int, tokens: list[str]) -> AsyncIterator[Crowd]:
    """Two thousand sockets that connect at once, and whenever they are lost."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.web.crowd", str(port), str(SOCKETS)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(tokens).encode() + b"\n")
    try:
        yield Crowd(process)
    finally:
        process.kill()
        await process.wait()


class AtWork:
    """Counts how many are being welcomed at a time."""

    def __init__(self) -> None:
        self.most = 0
        self._now = 0
        self._welcome = Dispatch.welcome

    async def welcome(self, dispatch: Dispatch, connection: Connection, now_ms: int) -> None:
        """Welcome one, and count."""
        self._now += 1
        self.most = max(self.most, self._now)
        try:
            await self._welcome(dispatch, connection, now_ms)
        finally:
            self._now -= 1


async def plays(t: Table, turn: asyncio.Lock, until: asyncio.Task[Map]) -> None:
    """Play a match as fast as both can, and others after it, until all are there."""
    while True:
        async with turn:  # or others would be paired with these two
            await t.begin(rated=False)
        wanted = {number: number % 4 for number in range(1, ROUNDS + 1)}
        for number, choice in wanted.items():
            for player in (t.one, t.two):
                await in_round(player, t.match, number)
                await player.send("answer", match=t.match, round=number, choice=choice)
        for player in (t.one, t.two):
            over = await player.until("match_over", match=t.match)
            assert over["reason"] == "played"
        for played in (await t.record())["rounds"]:
            assert {a["choice"] for a in played["answers"]} == {wanted[played["round"]]}
        if until.done():
            return


async def comes(server: Served, crowd: Crowd, when: str) -> None:
    """The crowd comes while some play: all are welcomed, and every match ends as it was played."""
    there, turn = asyncio.create_task(crowd.all_there()), asyncio.Lock()
    async with AsyncExitStack() as stack:
        names = [(f"Ada {when} {n}", f"Bob {when} {n}") for n in range(DUELS)]
        tables = [await stack.enter_async_context(table(server.url, names=both)) for both in names]
        await asyncio.gather(*(plays(t, turn, there) for t in tables))
    told = await there
    # More than once whoever was so quick as to come back to the server that was stopping.
    assert told["welcomes"] >= SOCKETS
    assert (told["turned_away"], told["refused"]) == (0, 0)


async def test_two_thousand_sockets_are_welcomed_in_turn_and_nobody_who_plays_notices(
    redis_url: str, link: Link
) -> None:
    del link
    allow_many_sockets()
    port, at_work = free_port(), AtWork()
    settings = quick_settings(redis_url, rounds=ROUNDS)

    async def counted(dispatch: Dispatch, connection: Connection, now_ms: int) -> None:
        await at_work.welcome(dispatch, connection, now_ms)

    with (
        mock.patch.object(arrivals, "HOLD_S", PATIENCE_S),  # or a busy machine lets in more
        mock.patch.object(Dispatch, "welcome", counted),
    ):
        server = await serve(settings, redis_url, port)
        try:
            players = server.app._services.players
            tokens = [
                (await players.sign_up(f"P{n}", bot=False, now_ms=0))[1] for n in range(PLAYERS)
            ]
            async with crowd(port, tokens) as all_of_them:
                await comes(server, all_of_them, "before")
                assert at_work.most == AT_WORK
                await server.stop()
                server = await serve(settings, redis_url, port)
                await comes(server, all_of_them, "after")
        finally:
            await server.stop()
    assert at_work.most == AT_WORK
