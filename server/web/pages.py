"""The pages: each with its first data in it, so that it shows at once."""

from pathlib import Path
from typing import Final

from aiohttp import hdrs, web

from deck.cards import Deck
from server.core.ids import MatchId
from server.core.refusal import Refused
from server.store.link import Unavailable
from server.web import session
from server.web.api import Api, listed, whole
from server.web.frame import SITE, Frame
from server.web.record import record_of
from server.web.services import Services
from server.web.study import StudyApi, studied
from server.web.tiles import TilesApi

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


class Pages:
    """Renders the pages of this process."""

    def __init__(
        self, services: Services, api: Api, study: StudyApi, tiles: TilesApi, folder: Path
    ) -> None:
        self._services: Final = services
        self._api: Final = api
        self._study: Final = study
        self._tiles: Final = tiles
        self._frame: Final = Frame(folder)

    def routes(self) -> list[web.RouteDef]:
        """Every page."""
        return [
            web.get("/", self.index),
            web.get("/decks/{deck}", self.deck),
            web.get("/decks/{deck}/challenge", self.challenge),
            web.get("/decks/{deck}/{mode:flashcards|learn|test}", self.study),
            web.get("/decks/{deck}/match", self.tiles),
            web.get("/matches/{match}", self.match),
        ]

    async def index(self, request: web.Request) -> web.Response:
        """The decks; with one deck, straight to it."""
        decks = list(self._services.decks.values())
        if len(decks) == 1:
            raise web.HTTPFound(f"/decks/{decks[0].id}")
        data = {"me": await self._me(request), "decks": [listed(deck) for deck in decks]}
        return self._page("index", SITE, data)

    async def deck(self, request: web.Request) -> web.Response:
        """A deck: modes, Top 10, terms."""
        deck = self._services.decks.get(request.match_info["deck"])
        if deck is None:
            return self.missing()
        data = {
            "me": await self._me(request),
            "deck": whole(deck),
            "leaderboard": await self._api.board(deck.id),
            "progress": await self._study.progress_of(request, deck),
        }
        return self._page("deck", deck.title, data)

    async def study(self, request: web.Request) -> web.Response:
        """A study mode."""
        deck = self._services.decks.get(request.match_info["deck"])
        if deck is None:
            return self.missing()
        mode = request.match_info["mode"]
        data = await self._study_data(request, deck)
        return self._page(mode, f"{mode.capitalize()}: {deck.title}", data)

    async def tiles(self, request: web.Request) -> web.Response:
        """The study mode Match."""
        deck = self._services.decks.get(request.match_info["deck"])
        if deck is None:
            return self.missing()
        data = await self._study_data(request, deck)
        best = await self._tiles.best_times_of(request, deck)
        return self._page("tiles", f"Match: {deck.title}", {**data, "tiles": best})

    async def _study_data(self, request: web.Request, deck: Deck) -> dict[str, object]:
        return {
            "me": await self._me(request),
            "deck": studied(deck),
            "progress": await self._study.progress_of(request, deck),
        }

    async def challenge(self, request: web.Request) -> web.Response:
        """Find an opponent."""
        deck = self._services.decks.get(request.match_info["deck"])
        if deck is None:
            return self.missing()
        settings = self._services.settings
        data = {
            "me": await self._me(request),
            "deck": listed(deck),
            "settings": {"rounds": settings.rounds, "round_ms": settings.round_ms},
        }
        return self._page("challenge", f"Challenge: {deck.title}", data)

    async def match(self, request: web.Request) -> web.Response:
        """A match, live or reviewed."""
        match = MatchId(request.match_info["match"])
        try:
            state = (await self._services.matches.attach(match)).state
        except Refused:
            return self.missing()
        one, two = (player.name for player in state.created.players)
        record = record_of(state) if state.settled is not None else None
        data = {"me": await self._me(request), "match": match, "record": record}
        return self._page("match", f"{one} vs {two}: {state.created.title}", data)

    def missing(self) -> web.Response:
        """There is nothing at this address."""
        return _html(self._frame.missing(), 404)

    async def _me(self, request: web.Request) -> dict[str, str] | None:
        account = await session.account_of(request, self._services.players)
        return {"id": account.id, "name": account.name} if account else None

    def _page(self, page: str, title: str, data: object) -> web.Response:
        return _html(self._frame.filled(page, title, data))


_HEADERS: Final = {
    hdrs.CACHE_CONTROL: "no-store",
    hdrs.CONTENT_SECURITY_POLICY: POLICY,
    "Referrer-Policy": "same-origin",
}


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, content_type="text/html", status=status, headers=_HEADERS)


@web.middleware
async def errors_as_pages(request: web.Request, handler: session.Handle) -> web.StreamResponse:
    """A page that cannot be shown says why, in one sentence."""
    try:
        return await handler(request)
    except Unavailable:
        text = "The server cannot reach its store. Nothing was lost: reload in a moment."
        return web.Response(text=text, status=503, headers={hdrs.RETRY_AFTER: "2"})
