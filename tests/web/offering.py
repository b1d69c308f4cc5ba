"""Players who challenge one another over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from tests.support.player import DECK, Map, Player, connected, in_round, pair, play_out, sign_up


@asynccontextmanager
async def room(url: str, *names: str, bots: bool = False) -> AsyncIterator[list[Player]]:
    """New players, connected."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(connected(url, await sign_up(url, name, bot=bots)))
            for name in names
        ]


async def link_of(player: Player, **terms: object) -> str:
    """The code of a new link."""
    offered = await player.ask("challenge", deck=DECK, to=None, **terms)
    assert offered["state"] == "open", offered
    code: str = offered["challenge"]
    return code


async def direct(one: Player, other: Player, **terms: object) -> Map:
    """An offer from one player to another, as the first is answered."""
    return await one.ask("challenge", deck=DECK, to=other.id, **terms)


async def refused(player: Player, type_: str, **keys: object) -> str:
    """Why this was refused."""
    reply = await player.ask(type_, **keys)
    assert reply["type"] == "refused", reply
    assert reply["detail"].endswith(".")
    reason: str = reply["reason"]
    return reason


async def hears(player: Player, code: str, state: str) -> Map:
    """The challenge in this state, once this socket has heard of it."""
    wanted = {"type": "challenge_changed", "challenge": code, "state": state}
    for message in player.seen:
        if wanted.items() <= message.items():
            return message
    return await player.until("challenge_changed", challenge=code, state=state)


async def plays(match: str, *players: Player) -> Map:
    """Two players play a match to its end."""
    for player in players:
        await player.ask("enter", match=match)
        await player.ask("ready", match=match)
    for player in players:
        await in_round(player, match, 1)
    over, same = await asyncio.gather(*(play_out(player, match) for player in players))
    assert over == same
    return over


async def paired(one: Player, other: Player) -> str:
    """Two players seek and play to the end; the match."""
    match = await pair(one, other)
    await plays(match, one, other)
    return match
