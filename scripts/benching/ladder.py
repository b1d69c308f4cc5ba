"""A ladder with very many players, and how long it takes the store to look at it."""

import asyncio
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import msgspec
import uvloop
from msgspec import Struct

from scripts.benching.fleet import latency
from scripts.benching.plan import DECK, Latency
from scripts.benching.process import BenchError
from server.core.ids import PlayerId
from server.store.embedded import EmbeddedRedis
from server.store.ladder import BAND, Ladder, Record
from server.store.link import Link

BATCH: Final = 5_000
LOOKS: Final = 5_000
EACH_WAY: Final = 5
WORST: Final = 600
SPREAD: Final = 1_800
"""Ratings from `WORST` on, evenly: many players share each."""
_encode: Final = msgspec.msgpack.Encoder().encode


class Looks(Struct):
    """Milliseconds that the store takes for one look, by percentile."""

    players: int
    redis_mib: float
    top_ms: Latency
    """The top 10, with their records."""
    rank_ms: Latency
    """One player's rank, by any rating on the ladder."""
    around_ms: Latency
    """The ten around one player, with their records."""


def look_at_ladder(players: int) -> Looks:
    """Fill an empty ladder of a Redis of its own, and look at it from one process."""
    with tempfile.TemporaryDirectory(prefix="deckduel-bench-") as folder:
        return uvloop.run(_look(players, Path(folder)))


async def _look(players: int, folder: Path) -> Looks:
    embedded = EmbeddedRedis(folder)
    link = Link(await embedded.start())
    try:
        await link.open()
        ladder = Ladder(link, DECK)
        for start in range(0, players, BATCH):
            await _fill(link, ladder, range(start, min(players, start + BATCH)))
        if await ladder.rated_players() != players:
            raise BenchError("The ladder does not hold its players.")
        used = dict(
            line.split(b":", 1)
            for line in (await link.call("INFO", "memory")).split()
            if b":" in line
        )
        chance = random.Random(1)  # noqa: S311 - which players are looked at

        def anybody() -> PlayerId:
            return _player(chance.randrange(players))

        return Looks(
            players=players,
            redis_mib=int(used[b"used_memory"]) / 2**20,
            top_ms=await _timed(lambda: ladder.top(10)),
            rank_ms=await _timed(lambda: ladder.rank(anybody())),
            around_ms=await _timed(lambda: ladder.around(anybody(), EACH_WAY)),
        )
    finally:
        await link.close()
        await embedded.stop()


async def _fill(link: Link, ladder: Ladder, numbers: range) -> None:
    """Put players on the board, each with a record, as settlements would have."""
    records: list[str | bytes] = []
    places: list[str | int] = []
    for number in numbers:
        rating = WORST + number * 7919 % SPREAD
        record = Record(rating=rating, matches=40, wins=20, losses=20, version=40)
        records += [ladder.keys.record(_player(number)), _encode(record)]
        places += [rating * BAND + BAND - 1 - number, _player(number)]
    stored = link.call("MSET", *records)
    await link.call("ZADD", ladder.keys.board, *places)
    await stored


async def _timed(look: Callable[[], Awaitable[object]]) -> Latency:
    took: list[float] = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        if not await look():
            raise BenchError("The ladder shows nothing.")
        took.append(time.perf_counter() - began)
        await asyncio.sleep(0)
    found = latency(took)
    assert found
    return found


def _player(number: int) -> PlayerId:
    return PlayerId(f"player-{number:08}")
