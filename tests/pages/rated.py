"""Players who have a past: rated matches, settled without a single page."""

from collections.abc import Sequence

from msgspec import Struct

from server.core.events import MatchEnded
from server.core.outcome import Outcome, Why
from server.store.players import Account
from tests.pages.visitor import Visitor
from tests.play.given import Ear, ended
from tests.support.player import Map
from tests.support.served import Served

WON, LOST, DRAWN = Outcome.SEAT_0, Outcome.SEAT_1, Outcome.DRAW


class Known(Struct, frozen=True):
    """A player of the server, and the token that is theirs."""

    account: Account
    token: str

    @property
    def id(self) -> str:
        """The player's id."""
        return self.account.id

    @property
    def signed_up(self) -> Map:
        """As the call that signs up answers."""
        return {"id": self.id, "name": self.account.name, "token": self.token}


async def known(server: Served, name: str, *, bot: bool = False) -> Known:
    """A new player."""
    players = server.app._services.players
    return Known(*await players.sign_up(name, bot=bot, now_ms=0))


async def matches(
    server: Served, one: Known, two: Known, outcomes: Sequence[Outcome] = (WON,)
) -> list[str]:
    """Rated matches of two with these outcomes for the first, oldest first."""
    at = server.app._services
    found: list[str] = []
    for outcome in outcomes:
        how = MatchEnded(outcome, Why.PLAYED)
        match = await ended(at, Ear(one.account), Ear(two.account), how=how)
        assert await at.settling.settle(match) is not None
        found.append(match)
    return found


async def a_board(server: Served, players: int) -> list[Known]:
    """So many players with a rating each: each has beaten the one at the bottom."""
    low = await known(server, "Anchor")
    found = []
    for n in range(players - 1):
        found.append(await known(server, f"Player {n:02}"))
        await matches(server, found[-1], low, [WON])
    return [*found, low]


async def as_player(visitor: Visitor, player: Known) -> None:
    """Be this player."""
    await visitor.sign_in(player.signed_up)
