"""The leaderboards of the decks: the call, and the page of the whole board."""

from typing import Annotated, Final

from aiohttp import web
from msgspec import UNSET, Meta, Struct, UnsetType

from server.core.ids import PlayerId
from server.core.period import Period
from server.play.ladders import TOP
from server.web.calls import (
    BAD_QUERY,
    NO_SUCH_DECK,
    ApiError,
    Call,
    deck_of,
    json,
    routes_of,
    whole_number,
)
from server.web.rendering import Renderer
from server.web.services import Services
from server.web.visitors import Visitors
from server.wire.messages import LadderRow

MOST_ROWS: Final = 100
PAGE_ROWS: Final = 50
_FAR: Final = 2**31
"""No board has so many rows."""


class BoardQuery(Struct):
    """Which rows of which leaderboard are asked for."""

    limit: Annotated[int, Meta(ge=0, description="Rows of `top`; over 100 counts as 100.")] = TOP
    offset: Annotated[int, Meta(ge=0, description="How many rows to pass over.")] = 0
    period: Annotated[Period, Meta(description="What the board counts.")] = Period.ALL
    around: Annotated[str | UnsetType, Meta(description="Also the rows next to this player.")] = (
        UNSET
    )


class Leaderboard(Struct):
    """Some rows of a ladder; `around` only where it is asked for.

    `online` are the players of these rows who are here; `next` is the offset of the rows
    that follow, null on the last page.
    """

    deck: str
    period: Period
    rated_players: int
    top: list[LadderRow]
    online: list[str]
    next: int | None
    around: list[LadderRow] | UnsetType = UNSET


class Boards:
    """The leaderboards, over the services of this process."""

    def __init__(self, services: Services, visitors: Visitors, renderer: Renderer) -> None:
        self._services: Final = services
        self._visitors: Final = visitors
        self._renderer: Final = renderer

    def calls(self) -> list[Call]:
        """Every call of these."""
        return [
            Call(
                "GET",
                "/api/decks/{deck}/leaderboard",
                self.leaderboard,
                query=BoardQuery,
                answer=Leaderboard,
                errors=(NO_SUCH_DECK, BAD_QUERY),
            )
        ]

    def routes(self) -> list[web.RouteDef]:
        """Their routes, and the page's."""
        return [*routes_of(self.calls()), web.get("/decks/{deck}/leaderboard", self.page)]

    async def leaderboard(self, request: web.Request) -> web.Response:
        """Some rows of a ladder, and with `around` the rows next to a player."""
        deck = deck_of(request, self._services.decks).id
        limit = whole_number(request, "limit", TOP, 0, MOST_ROWS)
        offset = whole_number(request, "offset", 0, 0, _FAR)
        around = request.query.get("around")
        beside = PlayerId(around) if around is not None else None
        return json(await self.board(deck, limit, offset, _period(request), beside))

    async def board(
        self,
        deck: str,
        limit: int = TOP,
        offset: int = 0,
        period: Period = Period.ALL,
        around: PlayerId | None = None,
    ) -> Leaderboard:
        """The leaderboard as the call and the pages give it."""
        ladders = self._services.ladders
        rated = await ladders.rated_players(deck, period)
        top = await ladders.top(deck, limit, offset, period)
        beside = await ladders.around(deck, around) if around is not None else []
        shown = list(dict.fromkeys(PlayerId(row.player) for row in [*top, *beside]))
        here = await self._services.activity.online(shown)
        after = offset + len(top)
        return Leaderboard(
            deck=deck,
            period=period,
            rated_players=rated,
            top=top,
            online=[player for player in shown if player in here],
            next=after if top and after < rated else None,
            around=UNSET if around is None else beside,
        )

    async def page(self, request: web.Request) -> web.Response:
        """The whole board, fifty rows at a time."""
        deck = self._services.decks.get(request.match_info["deck"])
        if deck is None:
            return self._renderer.missing()
        try:
            period = _period(request)
            offset = whole_number(request, "offset", 0, 0, _FAR)
        except ApiError:
            return self._renderer.missing()
        me = (await self._visitors.caller(request)).me
        own = PlayerId(me["id"]) if me else None
        data = {
            "me": me,
            "deck": {"id": deck.id, "title": deck.title},
            "board": await self.board(deck.id, PAGE_ROWS, offset, period),
            "offset": offset,
            "rows": PAGE_ROWS,
            "place": await self._services.ladders.place(deck.id, own, period) if own else None,
        }
        return self._renderer.page("leaderboard", f"Leaderboard: {deck.title}", data)


def _period(request: web.Request) -> Period:
    """The period that the query names.

    Raises:
        ApiError: there is none of that name.
    """
    try:
        return Period(request.query.get("period", Period.ALL))
    except ValueError as error:
        raise ApiError(422, "bad_query", "`period` is `all`, `month` or `week`.") from error
