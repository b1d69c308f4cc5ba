"""A table for two: a running server, two players, one match between them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from server.wire.codec import SubProtocol
from tests.support.player import Map, Player, begin, connected, get, pair, play_out, sign_up


@dataclass
class Table:
    """Two players who are signed up and connected; `match` once they are paired."""

    url: str
    ada: Map
    bob: Map
    one: Player
    two: Player
    match: str = ""

    def seat(self, player: Player) -> int:
        """The seat that this socket was paired into."""
        seat: int = player.last("paired")["seat"]
        return seat

    async def pair(self, *, rated: bool = True) -> None:
        """Have both seek."""
        self.match = await pair(self.one, self.two, rated=rated)

    async def begin(self, *, rated: bool = True) -> None:
        """Have both stand before round 1."""
        self.match = await begin(self.one, self.two, rated=rated)

    async def play_out(self) -> Map:
        """Have both answer to the end; the result."""
        over, same = await asyncio.gather(
            play_out(self.one, self.match), play_out(self.two, self.match)
        )
        assert over == same
        return over

    async def record(self) -> Map:
        """The record of the match."""
        return await get(f"{self.url}/api/matches/{self.match}")


@asynccontextmanager
async def table(
    url: str, protocol: SubProtocol = SubProtocol.MSGPACK, names: tuple[str, str] = ("Ada", "Bob")
) -> AsyncIterator[Table]:
    """Two new players, connected."""
    ada, bob = [await sign_up(url, name) for name in names]
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(connected(url, ada, protocol))
        two = await stack.enter_async_context(connected(url, bob, protocol))
        yield Table(url, ada, bob, one, two)
