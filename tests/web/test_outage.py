"""Redis gone in the middle of matches: what players see of it, and that nothing is lost by it."""

import asyncio
import math
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import aiohttp
import pytest

from server.core.ids import MatchId
from server.store.embedded import EmbeddedRedis
from server.store.keys import partition_of
from server.store.link import Link
from server.web.session import COOKIE
from server.web.socket import Connection
from tests.conftest import quick_settings
from tests.store.given import set_back
from tests.support.own_redis import OwnRedis, own_redis
from tests.support.player import DECK, Map, Player, connected, get, in_round
from tests.support.served import Served, serve
from tests.web.table import Table, table
from tests.web.test_messages import assert_in_the_contract

GONE_S = 5.0
ROUND_MS = 60_000
SLACK_MS = 2_500
"""What a busy machine may take beside an outage of `GONE_S`, which a round gets back."""
DUELS = 6
MANY = 5
ROUNDS = 10

Outage = Callable[[OwnRedis], Coroutine[Any, Any, None]]


async def killed(redis: OwnRedis) -> None:
    await redis.kill()
    await asyncio.sleep(GONE_S)
    await redis.start()


async def stopped(redis: OwnRedis) -> None:
    redis.stop()
    await asyncio.sleep(GONE_S)
    redis.go_on()


async def cut_off(redis: OwnRedis) -> None:
    redis.cut()
    await asyncio.sleep(GONE_S)
    redis.mend()


@asynccontextmanager
async def serving(redis: OwnRedis) -> AsyncIterator[Served]:
    server = await serve(quick_settings(redis.url, rounds=2, round_ms=ROUND_MS), redis.url)
    try:
        yield server
    finally:
        await server.stop()


async def answered(player: Player, match: str, number: int, choice: int) -> Map:
    """Answer a round, over again while the storage is away, as the page does; what came of it."""
    while True:
        reply = await player.ask("answer", match=match, round=number, choice=choice)
        if reply.get("reason") != "unavailable":
            return reply
        if player.last("storage")["available"] is False:
            await player.until("storage", available=True)


async def refused_at_once(server: Served) -> None:
    """What the calls and pages say of it."""
    async with aiohttp.ClientSession(server.url) as client:
        for path in (f"/api/decks/{DECK}/leaderboard", "/api/me", "/", "/readyz"):
            async with client.get(path) as answer:
                assert answer.status == 503, path
                assert "store" in await answer.text() or path == "/readyz"
        for path in ("/healthz", "/api", "/guides/bots", "/api/openapi.json", "/api/decks"):
            async with client.get(path) as answer:
                assert answer.status == 200, path
        async with client.get("/api", cookies={COOKIE: "whose?"}) as answer:
            assert answer.status == 503


def acknowledged(player: Player) -> dict[int, int]:
    """The choices that the server told this socket it has, by round."""
    own = [m for m in player.seen if m["type"] == "answer_taken" and m.get("choice") is not None]
    return {message["round"]: message["choice"] for message in own}


async def assert_consistent(t: Table) -> None:
    """Every acknowledged answer is in the record, and the match was settled once."""
    record = await t.record()
    for player in (t.one, t.two):
        taken = [r["answers"][t.seat(player)]["choice"] for r in record["rounds"]]
        for number, choice in acknowledged(player).items():
            assert taken[number - 1] == choice
        ratings = (await get(f"{t.url}/api/players/{player.id}"))["decks"]
        assert [board["matches"] for board in ratings] == [1]
    assert record["result"]["reason"] == "played"


@pytest.mark.parametrize("outage", [killed, stopped, cut_off])
async def test_a_match_waits_while_redis_is_gone_and_goes_on_where_it_was(
    tmp_path: Path, outage: Outage
) -> None:
    async with own_redis(tmp_path) as redis, serving(redis) as server, table(server.url) as t:
        await t.begin()
        await t.one.ask("answer", match=t.match, round=1, choice=3)
        back = asyncio.create_task(outage(redis))
        for player in (t.one, t.two):
            assert await player.until("storage") == {"type": "storage", "available": False}
        assert not back.done()
        for _ in range(MANY):  # each after a timeout of its own would take longer than all of it
            refused = await t.one.ask("answer", match=t.match, round=1, choice=0)
            assert refused["reason"] == "unavailable"
        asked = asyncio.create_task(answered(t.two, t.match, 1, 1))
        await refused_at_once(server)
        assert not back.done()
        async with connected(server.url, t.bob) as newcomer:
            # Its handshake waited: it was not thrown out, and is told nothing of what is past.
            assert back.done()
            assert newcomer.last("welcome")["live_match"] == t.match
        await back
        view = await t.one.until("match")
        assert view["left_ms"] > ROUND_MS - SLACK_MS
        assert [m["available"] for m in t.one.seen if m["type"] == "storage"] == [False, True]
        assert (await asked)["type"] in {"answer_taken", "refused"}
        await asyncio.gather(*(in_round(player, t.match, 2) for player in (t.one, t.two)))
        await t.play_out()
        await assert_consistent(t)
        for player in (t.one, t.two):
            assert_in_the_contract(player)


async def test_who_is_in_a_match_is_told_the_time_left_when_time_stood_still(
    served: Callable[..., Awaitable[Served]], link: Link
) -> None:
    server = await served(rounds=2, round_ms=ROUND_MS)
    async with table(server.url) as t, connected(server.url) as watcher:
        await t.begin()
        await watcher.ask("enter", match=t.match)
        await set_back(link, 30_000)
        for player in (t.one, t.two, watcher):
            view = await player.until("match")
            assert view["left_ms"] > ROUND_MS - SLACK_MS
            assert "storage" not in {message["type"] for message in player.seen}


async def test_a_socket_hears_of_the_storage_of_what_it_has_entered_and_not_left(
    served: Callable[..., Awaitable[Served]],
) -> None:
    server = await served(partitions=2)
    storage, matches = server.app._services.storage, server.app._services.matches
    enter = matches.enter

    async def last_of_all(match: MatchId, listener: Connection) -> object:
        view = await enter(match, listener)
        storage.silent(partition_of(match, 2), math.inf, TimeoutError())
        return view

    async with table(server.url) as t, connected(server.url) as watcher:
        await t.pair()
        with (
            mock.patch.object(storage, "answered", return_value=False),
            mock.patch.object(matches, "enter", last_of_all),
        ):
            await watcher.ask("enter", match=t.match)
            assert await watcher.until("storage") == {"type": "storage", "available": False}
            await watcher.ask("leave", match=t.match)
            assert await watcher.until("storage") == {"type": "storage", "available": True}


async def test_the_embedded_redis_killed_in_the_middle_of_duels_loses_nothing_acknowledged(
    tmp_path: Path,
) -> None:
    embedded = EmbeddedRedis(tmp_path)
    url = await embedded.start()
    server = await serve(quick_settings(url, rounds=ROUNDS, round_ms=ROUND_MS), url)
    try:
        async with AsyncExitStack() as stack:
            tables = [
                await stack.enter_async_context(table(server.url, names=(f"A{n}", f"B{n}")))
                for n in range(DUELS)
            ]
            for t in tables:
                await t.begin()
            playing = [plays(t, player) for t in tables for player in (t.one, t.two)]
            await asyncio.gather(*playing, killing(embedded, tables[0].one))
            for t in tables:
                await assert_consistent(t)
    finally:
        await server.stop()
        await embedded.stop()


async def plays(t: Table, player: Player) -> None:
    """Answer every round to the end."""
    for number in range(1, ROUNDS + 1):
        await in_round(player, t.match, number)
        await answered(player, t.match, number, number % 4)
    if "match_over" not in {message["type"] for message in player.seen}:
        await player.until("match_over")


async def killing(embedded: EmbeddedRedis, player: Player) -> None:
    """Kill it whenever a player is some rounds further."""
    for number in (3, 6, 9):
        while player.last("round_opened")["round"] < number:  # noqa: ASYNC110 - seen by another
            await asyncio.sleep(0.001)
        if embedded.pid is not None:
            os.kill(embedded.pid, signal.SIGKILL)


async def test_an_outage_of_a_second_costs_what_it_took_and_is_nobodys_business(
    tmp_path: Path,
) -> None:
    async with own_redis(tmp_path) as redis, serving(redis) as server, table(server.url) as t:
        await t.begin()
        redis.stop()
        asked = asyncio.create_task(t.one.ask("answer", match=t.match, round=1, choice=3))
        await asyncio.sleep(1)
        redis.go_on()
        assert (await asked)["type"] == "answer_taken"
        await t.two.ask("answer", match=t.match, round=1, choice=0)
        await asyncio.gather(*(in_round(player, t.match, 2) for player in (t.one, t.two)))
        await t.play_out()
        await assert_consistent(t)
        assert "storage" not in {message["type"] for message in t.one.seen + t.two.seen}
