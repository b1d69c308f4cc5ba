"""Challenges over real sockets: a link, an offer to one player, a rematch."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from tests.support.player import DECK, Player, connected, sign_up
from tests.support.served import Served

Serve = Callable[..., Awaitable[Served]]


@asynccontextmanager
async def room(url: str, *names: str) -> AsyncIterator[list[Player]]:
    """New players, connected."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(connected(url, await sign_up(url, name)))
            for name in names
        ]


async def link_of(player: Player, **terms: object) -> str:
    """The code of a new link."""
    code: str = (await player.ask("challenge", deck=DECK, to=None, **terms))["challenge"]
    return code


async def test_a_link_that_is_accepted_takes_both_to_the_match(served: Serve) -> None:
    server = await served(rounds=2)
    async with room(server.url, "Ada", "Bob") as (ada, bob):
        offered = await ada.ask("challenge", deck=DECK, to=None, rated=True)
        assert (offered["kind"], offered["state"], offered["to"]) == ("link", "open", None)
        seen = await bob.ask("watch_challenge", challenge=offered["challenge"])
        assert seen["stake"] == {"win": 20, "draw": 0, "loss": -20}
        assert seen["here"]
        taken = await bob.ask("accept_challenge", challenge=offered["challenge"])
        assert (taken["state"], taken["to"]["id"]) == ("accepted", bob.id)
        paired = await ada.until("paired")
        assert paired["match"] == taken["match"]
        assert (paired["seat"], paired["rated"]) == (0, True)
        assert bob.last("paired")["match"] == taken["match"]
        told = ada.last("challenge_changed")
        if told["state"] == "open":
            told = await ada.until("challenge_changed")
        assert (told["state"], told["match"]) == ("accepted", taken["match"])
