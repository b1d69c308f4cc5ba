"""Games of tiles: dealt, checked and listed, for every deck."""

import contextlib
import secrets
from collections.abc import Mapping, Sequence
from random import Random
from typing import Final

from msgspec import Struct

from deck.cards import Deck
from server.core.ids import PlayerId
from server.core.tiles import Tile, check, deal
from server.store.link import Unavailable
from server.store.players import Players
from server.store.tiles import Best, Finish, TilesGame, TilesGames

TOP: Final = 10
ID_BYTES: Final = 9


class NoSuchGame(Exception):  # noqa: N818 - told to the player
    """None of that id, another player's, one dealt over, or older than an hour."""


class Dealt(Struct, frozen=True):
    """A game that has just begun, and the player's best before it."""

    game: str
    tiles: tuple[Tile, ...]
    best_ms: int | None


class NamedRow(Struct, frozen=True):
    """One row of a deck's list."""

    rank: int
    player: PlayerId
    name: str
    time_ms: int


class BestTimes(Struct, frozen=True):
    """A player's best and rank (None where there is none), and the deck's best times."""

    best_ms: int | None
    rank: int | None
    top: tuple[NamedRow, ...]


class Tiles:
    """Every deck's games of tiles. Only players with a name who are no bots are listed."""

    def __init__(
        self,
        decks: Mapping[str, Deck],
        games: Mapping[str, TilesGames],
        players: Players,
        rng: Random,
    ) -> None:
        self._decks: Final = decks
        self._games: Final = games
        self._players: Final = players
        self._rng: Final = rng

    async def deal(self, deck: str, player: PlayerId) -> Dealt:
        """Begin a game in place of the player's last one in this deck; its clock starts.

        Raises:
            TilesRefused: the deck has not enough cards.
            Unavailable: unknown whether it has begun; dealing again is harmless.
        """
        dealt = deal(self._decks[deck], self._rng)
        game = secrets.token_urlsafe(ID_BYTES)
        best = await self._games[deck].begin(player, game, dealt)
        return Dealt(game, dealt.tiles, best.time_ms if best else None)

    async def finish(
        self, deck: str, player: PlayerId | None, game: str, turns: Sequence[tuple[int, int]]
    ) -> Finish:
        """Check the turns of a game and store what it came to; a repeat gives what is stored.

        Its time ends when the turns arrive here, by Redis's clock; refused ones leave it open.

        Raises:
            NoSuchGame: the player, or nobody, has no such game.
            TilesRefused: the turns do not finish it, or came too soon.
            Unavailable: unknown whether it is stored; asking again is harmless.
        """
        games = self._games[deck]
        if player is None or (found := await games.read(player, game)) is None:
            raise NoSuchGame(game)
        finish = found.finish
        if finish is None:
            finish = await games.finish(player, game, *_decide(found, turns))
        if finish is None:
            raise NoSuchGame(game)
        # Asked after the best is stored: who takes a name meanwhile is listed here or by `named`.
        if await self._is_listed(player):
            await games.enlist(player)
        return finish

    async def named(self, player: PlayerId) -> None:
        """List the bests of a guest who has just taken a name.

        Where Redis does not answer, his next game in a deck lists him there.
        """
        with contextlib.suppress(Unavailable):
            if await self._is_listed(player):
                for games in self._games.values():
                    await games.enlist(player)

    async def _is_listed(self, player: PlayerId) -> bool:
        account = await self._players.account(player)
        return account is not None and not account.bot

    async def best_times(self, deck: str, player: PlayerId | None) -> BestTimes:
        """The list of a deck, and where a player stands; nobody stands nowhere."""
        games = self._games[deck]
        best = rank = None
        if player is not None:
            best = await games.best(player)
            rank = await games.rank(player)
        rows = await games.top(TOP)
        names = await self._players.names([row.player for row in rows])
        top = (
            NamedRow(row.rank, row.player, name, row.time_ms)
            for row, name in zip(rows, names, strict=True)
        )
        return BestTimes(best.time_ms if best else None, rank, tuple(top))


def _decide(game: TilesGame, turns: Sequence[tuple[int, int]]) -> tuple[Finish, Best]:
    """What an open game comes to with these turns, and the best from then on."""
    result = check(game.deal, turns, game.now - game.dealt_at)
    best = game.best
    improved = result.beats(best.time_ms if best else None)
    if best is None or improved:
        best = Best(result.time_ms, game.now)
    finish = Finish(result.time_ms, result.elapsed_ms, result.misses, best.time_ms, improved)
    return finish, best
