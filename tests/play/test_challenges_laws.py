"""Whatever several players do at once, at several processes, nobody is in two live matches."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import pairwise
from random import Random
from typing import Final

import pytest

from server.core.commands import Resign
from server.core.events import MatchCreated, MatchEnded
from server.core.ids import MatchId, PlayerId
from server.core.refusal import Refused
from server.store.link import Link
from server.store.players import Account, match_of
from server.store.seeks import Seeks
from server.web.services import Services
from server.wire.messages import ChallengeChanged
from tests.play.given import DECK, Process, here, signed_up
from tests.support.until import until

NAMES: Final = ("Ada", "Bob", "Cyd", "Dee", "Eve")
DEEDS: Final = 60
"""Commands of each player in one run."""


class World:
    """What everybody knows of: who there is, and what was offered."""

    def __init__(self, processes: list[Services], players: list[Account], seed: int) -> None:
        self.players = players
        self.rng = Random(seed)  # noqa: S311 - to be repeated
        self.processes = processes
        self.offers: list[ChallengeChanged] = []
        self.done: dict[str, int] = {}

    def anywhere(self) -> Services:
        """Any process."""
        return self.rng.choice(self.processes)

    def any_of(self, found: list[str]) -> str:
        """One of the last of these; where there is none, what does not exist."""
        return self.rng.choice(found[-6:] or ["AAAAAA"])


async def seek(world: World, who: Account) -> None:
    await world.anywhere().lobby.seek(who, DECK, rated=world.rng.random() < 0.2)


async def cancel(world: World, who: Account) -> None:
    await world.anywhere().lobby.cancel(who.id)


async def offer(world: World, who: Account, to: PlayerId | None) -> None:
    challenges = world.anywhere().challenges
    view = await challenges.offer(who, DECK, to=to, rated=False, rounds=None, limit_ms=None)
    world.offers.append(view)


async def offer_link(world: World, who: Account) -> None:
    await offer(world, who, None)


async def offer_direct(world: World, who: Account) -> None:
    others = [p for p in world.players if p.id != who.id]
    await offer(world, who, world.rng.choice(others).id)


async def accept(world: World, who: Account) -> None:
    code = world.any_of([view.challenge for view in world.offers])
    view = await world.anywhere().challenges.accept(who, code)
    assert view.state == "accepted"
    world.offers.append(view)


async def decline(world: World, who: Account) -> None:
    to_me = [view.challenge for view in world.offers if view.to and view.to.id == who.id]
    await world.anywhere().challenges.decline(who, world.any_of(to_me))


async def withdraw(world: World, who: Account) -> None:
    mine = [view.challenge for view in world.offers if view.by.id == who.id]
    await world.anywhere().challenges.withdraw(who, world.any_of(mine))


async def rematch(world: World, who: Account) -> None:
    played = [view.match for view in world.offers if view.match and who.id in of(view)]
    view = await world.anywhere().challenges.rematch(who, MatchId(world.any_of(played)))
    world.offers.append(view)


async def resign(world: World, who: Account) -> None:
    at = world.anywhere()
    match = match_of(await at.players.held_by(who.id))
    if match is not None:
        live = await at.matches.attach(match)
        seat = live.state.seat_of(who.id)
        assert seat is not None
        await at.matches.perform(live, lambda _: Resign(seat))


def of(view: ChallengeChanged) -> set[str]:
    """The players of a challenge."""
    return {player.id for player in (view.by, view.to) if player is not None}


Deed = Callable[[World, Account], Awaitable[None]]
DEEDS_AND_WEIGHTS: Final[dict[Deed, int]] = {
    seek: 3,
    cancel: 1,
    offer_link: 4,
    offer_direct: 3,
    accept: 8,
    decline: 1,
    withdraw: 1,
    rematch: 6,
    resign: 5,
}


async def lives(world: World, who: Account) -> None:
    """One player does this and that."""
    for _ in range(DEEDS):
        (deed,) = world.rng.choices([*DEEDS_AND_WEIGHTS], [*DEEDS_AND_WEIGHTS.values()])
        with suppress(Refused):
            await deed(world, who)
            world.done[deed.__name__] = world.done.get(deed.__name__, 0) + 1


async def lifetimes(at: Services, link: Link) -> dict[PlayerId, list[tuple[int, int, MatchId]]]:
    """When each match of each player began and ended, in match time."""
    found: dict[PlayerId, list[tuple[int, int, MatchId]]] = {}
    for key in await link.call("KEYS", "{m:*}:log:*"):
        match = MatchId(key.decode().rpartition(":")[2])
        _, entries = await at.logs.read(match)
        (created,) = entries[0].events
        assert isinstance(created, MatchCreated)
        (ended,) = [
            entry.at for entry in entries for event in entry.events if isinstance(event, MatchEnded)
        ]
        for player in created.players:
            found.setdefault(player.id, []).append((entries[0].at, ended, match))
    return found


@pytest.mark.parametrize("seed", range(4))
async def test_no_player_is_ever_in_two_live_matches(
    process: Process, link: Link, seed: int
) -> None:
    processes = [await process(running=True) for _ in range(2)]
    ears = [await signed_up(processes[0], name) for name in NAMES]
    for ear in ears:
        here(processes[1], ear.who)
    world = World(processes, [ear.who for ear in ears], seed)
    await asyncio.gather(*(lives(world, ear.who) for ear in ears))

    async def all_are_free() -> bool:
        for ear in ears:
            with suppress(Refused):
                await cancel(world, ear.who)
            with suppress(Refused):
                await resign(world, ear.who)
        held = [await processes[0].players.held_by(ear.who.id) for ear in ears]
        return not any(held) and await Seeks(link, DECK).claims() == []

    await until(all_are_free)
    lived = await lifetimes(processes[0], link)
    for matches in lived.values():
        for (_, ended, _), (began, _, _) in pairwise(sorted(matches)):
            assert ended <= began
    often = {name: world.done.get(name, 0) for name in ("accept", "rematch", "resign", "seek")}
    assert min(often.values()) > 0, f"or it shows nothing: {often}"
