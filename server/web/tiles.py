"""The calls of tiles: deal a game, finish it, and the best times of a deck."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from aiohttp import web
from msgspec import Struct
from msgspec.structs import asdict

from deck.cards import Deck, Side
from server.core.ids import PlayerId
from server.core.tiles import PENALTY_MS, TilesReason, TilesRefused
from server.play.tiles import NamedRow, NoSuchGame, Tiles
from server.web.calls import (
    ADMITTED,
    MALFORMED,
    NO_SUCH_DECK,
    ApiError,
    Call,
    Trouble,
    body_of,
    deck_of,
    json,
    routes_of,
)
from server.web.visitors import Visitors

STATUS: Final = {
    TilesReason.TOO_FEW_CARDS: HTTPStatus.CONFLICT,
    TilesReason.MALFORMED: HTTPStatus.UNPROCESSABLE_ENTITY,
    TilesReason.NOT_FINISHED: HTTPStatus.UNPROCESSABLE_ENTITY,
    TilesReason.IMPOSSIBLE_TIME: HTTPStatus.CONFLICT,
}


class Turns(Struct):
    """The body of `POST /api/decks/{deck}/tiles/{game}`: every pair tried, in order."""

    turns: list[tuple[int, int]]


class BestTimesAnswer(Struct, frozen=True):
    """The caller's best time, null for none, and the deck's ten best."""

    best_ms: int | None
    top: tuple[NamedRow, ...]


class ShownTile(Struct, frozen=True):
    """One tile; `tile` is its number in the turns."""

    tile: int
    text: str
    side: Side


class DealtGame(Struct, frozen=True):
    """A game that has just begun."""

    game: str
    tiles: tuple[ShownTile, ...]
    penalty_ms: int
    best_ms: int | None


class FinishedGame(Struct, frozen=True):
    """What a game came to, and the list with it."""

    time_ms: int
    elapsed_ms: int
    misses: int
    best_ms: int
    improved: bool
    rank: int | None
    top: tuple[NamedRow, ...]


class TilesApi:
    """The calls, over one process's games of tiles."""

    def __init__(self, decks: Mapping[str, Deck], tiles: Tiles, visitors: Visitors) -> None:
        self._decks: Final = decks
        self._tiles: Final = tiles
        self._visitors: Final = visitors

    def calls(self) -> list[Call]:
        """Every call of tiles."""
        return [
            Call(
                "GET",
                "/api/decks/{deck}/tiles",
                self.best_times,
                answer=BestTimesAnswer,
                errors=(NO_SUCH_DECK,),
            ),
            Call(
                "POST",
                "/api/decks/{deck}/tiles",
                self.deal,
                answer=DealtGame,
                status=201,
                errors=(NO_SUCH_DECK, _trouble(TilesReason.TOO_FEW_CARDS), *ADMITTED),
            ),
            Call(
                "POST",
                "/api/decks/{deck}/tiles/{game}",
                self.finish,
                body=Turns,
                answer=FinishedGame,
                errors=(
                    NO_SUCH_DECK,
                    Trouble(404, "no_such_game"),
                    MALFORMED,
                    _trouble(TilesReason.NOT_FINISHED),
                    _trouble(TilesReason.IMPOSSIBLE_TIME),
                    *ADMITTED,
                ),
            ),
        ]

    def routes(self) -> list[web.RouteDef]:
        """Their routes."""
        return routes_of(self.calls())

    async def best_times(self, request: web.Request) -> web.Response:
        """The caller's best and the deck's ten best times."""
        deck = deck_of(request, self._decks)
        return json(await self.best_times_of(await self._visitors.player(request), deck))

    async def best_times_of(self, player: PlayerId | None, deck: Deck) -> BestTimesAnswer:
        """The best times as the call and the page give them."""
        best = await self._tiles.best_times(deck.id, player)
        return BestTimesAnswer(best.best_ms, best.top)

    async def deal(self, request: web.Request) -> web.Response:
        """Begin a game; a visitor without a session becomes a guest."""
        deck = deck_of(request, self._decks)
        player, token = await self._visitors.admit(request), None
        if player is None:
            player, token = await self._visitors.new_guest(request)
        try:
            dealt = await self._tiles.deal(deck.id, player)
        except TilesRefused as refused:
            raise _told(refused) from refused
        tiles = (ShownTile(number, tile.text, tile.side) for number, tile in enumerate(dealt.tiles))
        game = DealtGame(dealt.game, tuple(tiles), PENALTY_MS, dealt.best_ms)
        answer = json(game, HTTPStatus.CREATED)
        if token is not None:
            self._visitors.remember(answer, token, request)
        return answer

    async def finish(self, request: web.Request) -> web.Response:
        """Finish a game with its turns; a repeat is answered as the first time."""
        deck = deck_of(request, self._decks)
        player = await self._visitors.admit(request)
        turns = (await body_of(request, Turns)).turns
        try:
            finish = await self._tiles.finish(deck.id, player, request.match_info["game"], turns)
        except NoSuchGame as error:
            detail = "You have no such game open: deal a new one."
            raise ApiError(404, "no_such_game", detail) from error
        except TilesRefused as refused:
            raise _told(refused) from refused
        now = await self._tiles.best_times(deck.id, player)
        return json(FinishedGame(**asdict(finish), rank=now.rank, top=now.top))


def _trouble(reason: TilesReason) -> Trouble:
    return Trouble(STATUS[reason], reason)


def _told(refused: TilesRefused) -> ApiError:
    return ApiError(STATUS[refused.reason], refused.reason, refused.detail)
