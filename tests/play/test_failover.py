"""A master dies in the middle of many duels, and its replica goes on with them."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from server.core.elo import Standing, rate
from server.core.ids import MatchId, PlayerId
from server.store.keys import PartitionKeys, partition_of
from server.store.ladder import Ladder
from server.store.link import Link, scored
from server.store.players import Players
from server.store.seeks import Seeks
from tests.conftest import quick_settings
from tests.play.duelist import AGAIN_S, Duelist, as_result, record_of
from tests.support.fleet import Fleet, behind_sentinels, cluster, masters
from tests.support.player import DECK, Map, Player
from tests.support.served import Served, serve
from tests.support.until import until

PATIENCE_S: Final = 100.0
ROUNDS: Final = 3
PARTITIONS: Final = 12
BAND: Final = 2**40


class Patient(Duelist):
    """Enters when all may, and asks again where Redis did not answer."""

    async def _enter(self, socket: Player) -> None:
        await self.may_enter.wait()
        await super()._enter(socket)

    async def _take(self, socket: Player, message: Map) -> None:
        if message.get("type") == "refused" and message["reason"] == "unavailable":
            await asyncio.sleep(AGAIN_S)
            if self.match is None:
                await socket.send("seek", deck=DECK)
                return
            message = message | {"match": self.match}
        await super()._take(socket, message)


KILLED: Final = signal.SIGKILL
STANDS: Final = signal.SIGSTOP
"""It does not answer and keeps its connections; it wakes when all is over, as a replica."""


@pytest.mark.parametrize(
    ("fleet_of", "how", "duels"),
    [(cluster, KILLED, 200), (cluster, STANDS, 20), (behind_sentinels, KILLED, 20)],
)
async def test_duels_outlive_a_master_and_are_settled_once(
    fleet_of: Callable[[Path], AbstractAsyncContextManager[Fleet]],
    how: signal.Signals,
    duels: int,
    tmp_path: Path,
) -> None:
    async with fleet_of(tmp_path) as fleet, servers(fleet.url) as two:
        players = [
            Patient(two[number % 2].url, account, choice=number % 4)
            for number, account in enumerate(await sign_up(fleet.url, 2 * duels))
        ]
        for player in players:
            player.may_enter.clear()

        async def kill_the_master() -> None:
            await until(all_are_paired)
            for player in players:
                player.may_enter.set()
            await until(a_third_is_answered)
            fleet.signal(fleet.places[0], how)

        async def all_are_paired() -> bool:
            return all(player.match is not None for player in players)

        async def a_third_is_answered() -> bool:
            return sum(len(player.taken) for player in players) >= 2 * duels * ROUNDS // 3

        async def has_heard() -> bool:
            return fleet.places[0] not in await masters(fleet)

        async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as playing:
            for player in players:
                playing.create_task(player.play())
            playing.create_task(kill_the_master())
        if how is STANDS:
            fleet.signal(fleet.places[0], signal.SIGCONT)
            await until(has_heard)
        async with linked(fleet.url) as link:
            await check(link, players)


@asynccontextmanager
async def linked(url: str) -> AsyncIterator[Link]:
    link = Link(url)
    await link.open()
    yield link
    await link.close()


@asynccontextmanager
async def servers(redis_url: str) -> AsyncIterator[list[Served]]:
    """Two servers on real sockets."""
    settings = quick_settings(redis_url, rounds=ROUNDS, partitions=PARTITIONS)
    running = [await serve(settings, redis_url) for _ in range(2)]
    try:
        yield running
    finally:
        for server in running:
            await server.stop()


async def sign_up(redis_url: str, number: int) -> list[Map]:
    """New players, with their tokens."""
    async with linked(redis_url) as link:
        players = Players(link)
        made = await asyncio.gather(
            *(players.sign_up(f"Player {n}", bot=False, now_ms=0) for n in range(number))
        )
    return [{"id": one.id, "name": one.name, "token": token} for one, token in made]


async def check(link: Link, players: list[Patient]) -> None:
    """Every match has one result, told alike to both and stored once, with all it acknowledged."""
    ladder = Ladder(link, DECK)
    matches = Counter(player.match for player in players)
    assert set(matches.values()) == {2}
    for match in matches:
        assert match is not None
        await check_match(link, MatchId(match), [p for p in players if p.match == match])
    rows = await ladder.top(len(players) + 1)
    assert {row.player for row in rows} == {player.id for player in players}
    assert {row.record.matches for row in rows} == {1}
    on_board = scored(await link.call("ZRANGE", ladder.keys.board, 0, -1, "WITHSCORES"))
    assert {player.decode(): score // BAND for player, score in on_board} == {
        row.player: row.record.rating for row in rows
    }
    assert await ladder.changes() == len(matches)
    assert await Seeks(link, DECK).claims() == []
    held = await asyncio.gather(*(Players(link).held_by(PlayerId(p.id)) for p in players))
    assert set(held) == {""}


async def check_match(link: Link, match: MatchId, players: list[Patient]) -> None:
    state = await record_of(link, match, players, PARTITIONS)
    assert state.ended is not None
    assert state.settled is not None
    assert state.settled.ratings == rate((Standing(), Standing()), state.ended.outcome.score)
    one, two = (as_result(player.over) for player in players)
    assert one == two
    assert [r["after"] for r in one["ratings"]] == [r.after for r in state.settled.ratings]
    keys = PartitionKeys(partition_of(match, PARTITIONS))
    assert await link.call("ZSCORE", keys.due, match) is None
    assert await link.call("ZSCORE", keys.settle, match) is None
