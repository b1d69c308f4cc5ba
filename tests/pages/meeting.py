"""Ways to get a visitor into a match without playing it from the first page on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from tests.pages.visitor import Visitor
from tests.support.player import DECK, Player, connected, in_round, sign_up
from tests.support.served import Served

LIFE_S = 5


async def unhurried(served: Callable[..., Awaitable[Served]], pause_ms: int) -> Served:
    """A server of matches of two rounds, in which everything stays for as long as a test looks."""
    return await served(
        countdown_ms=pause_ms, reveal_ms=pause_ms, ready_ms=60_000, round_ms=60_000, rounds=2
    )


@asynccontextmanager
async def paired_with(
    visitor: Visitor, name: str = "Ada", opponent: str = "Bob"
) -> AsyncIterator[Player]:
    """The visitor on the page of a match, and the opponent, who has entered and is not ready."""
    async with connected(visitor.url, await sign_up(visitor.url, opponent)) as player:
        await visitor.sign_up(name)
        await visitor.reads("Looking for an opponent")
        await player.ask("seek", deck=DECK)
        match = (await player.until("paired"))["match"]
        await player.ask("enter", match=match)
        await visitor.page.wait_for_url(f"**/matches/{match}")
        alive = asyncio.create_task(_show_life(player))
        yield player
        alive.cancel()


async def _show_life(player: Player) -> None:
    """A client that reads nothing answers no ping, and would count as gone."""
    while not player.socket.closed:
        await player.send("ping", t=0)
        await asyncio.sleep(LIFE_S)


@asynccontextmanager
async def in_round_one(
    visitor: Visitor, name: str = "Ada", opponent: str = "Bob"
) -> AsyncIterator[Player]:
    """The visitor before the first question, and the opponent."""
    async with paired_with(visitor, name, opponent) as player:
        await player.ask("ready", match=match_of(player))
        await in_round(player, match_of(player), 1)
        await visitor.round(1)
        yield player


def match_of(player: Player) -> str:
    """The match of a player who has been paired."""
    match: str = player.last("paired")["match"]
    return match


async def answer(player: Player, number: int, choice: int) -> None:
    """Have the opponent answer a round."""
    reply = await player.ask("answer", match=match_of(player), round=number, choice=choice)
    assert reply["type"] == "answer_taken", reply
