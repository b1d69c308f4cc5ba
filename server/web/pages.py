"""The pages: each with its first data in it, so that it shows at once."""

from typing import Final

from aiohttp import web

from deck.cards import Deck
from server.core.ids import MatchId
from server.core.practice import CHARACTERS
from server.core.refusal import Refused
from server.store.ladder import decode_record
from server.web.api import listed, whole
from server.web.boards import Boards
from server.web.frame import SITE
from server.web.headline import headline
from server.web.origin import origin_of
from server.web.record import names_in, record_of
from server.web.rendering import Renderer
from server.web.services import Services
from server.web.study import StudyApi, studied
from server.web.tiles import TilesApi
from server.web.visitors import Caller, Visitors


class Pages:
    """Renders the pages of this process."""

    def __init__(
        self,
        services: Services,
        visitors: Visitors,
        renderer: Renderer,
        boards: Boards,
        study: StudyApi,
        tiles: TilesApi,
    ) -> None:
        self._services: Final = services
        self._visitors: Final = visitors
        self._renderer: Final = renderer
        self._boards: Final = boards
        self._study: Final = study
        self._tiles: Final = tiles

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
        me = (await self._visitors.caller(request)).me
        data = {"me": me, "decks": [listed(deck) for deck in decks]}
        return self._renderer.page("index", SITE, data)

    async def deck(self, request: web.Request) -> web.Response:
        """A deck: modes, Top 10, terms."""
        deck = self._services.decks.get(request.match_info["deck"])
        if deck is None:
            return self._renderer.missing()
        caller = await self._visitors.caller(request)
        data = {
            "me": caller.me,
            "deck": whole(deck),
            "leaderboard": await self._boards.board(
                deck.id, around=caller.account.id if caller.account else None
            ),
            "progress": await self._study.progress_of(caller.player, deck),
        }
        return self._renderer.page("deck", deck.title, data)

    async def study(self, request: web.Request) -> web.Response:
        """A study mode."""
        deck = self._services.decks.get(request.match_info["deck"])
        if deck is None:
            return self._renderer.missing()
        mode = request.match_info["mode"]
        data = await self._study_data(await self._visitors.caller(request), deck)
        return self._renderer.page(mode, f"{mode.capitalize()}: {deck.title}", data)

    async def tiles(self, request: web.Request) -> web.Response:
        """The study mode Match."""
        deck = self._services.decks.get(request.match_info["deck"])
        if deck is None:
            return self._renderer.missing()
        caller = await self._visitors.caller(request)
        data = await self._study_data(caller, deck)
        best = await self._tiles.best_times_of(caller.player, deck)
        return self._renderer.page("tiles", f"Match: {deck.title}", {**data, "tiles": best})

    async def _study_data(self, caller: Caller, deck: Deck) -> dict[str, object]:
        return {
            "me": caller.me,
            "deck": studied(deck),
            "progress": await self._study.progress_of(caller.player, deck),
        }

    async def challenge(self, request: web.Request) -> web.Response:
        """Find an opponent."""
        deck = self._services.decks.get(request.match_info["deck"])
        if deck is None:
            return self._renderer.missing()
        settings = self._services.settings
        caller = await self._visitors.caller(request)
        stored, challenges = None, []
        if caller.account is not None:
            (stored,) = await self._services.boards[deck.id].records((caller.account.id,))
            challenges = await self._services.challenges.open_of(caller.account, told=False)
        data = {
            "me": caller.me,
            "deck": listed(deck),
            "settings": {"rounds": settings.rounds, "round_ms": settings.round_ms},
            "origin": origin_of(request, settings),
            "challenges": challenges,
            "practice": CHARACTERS,
            "rating": decode_record(stored).rating,
        }
        return self._renderer.page("challenge", f"Challenge: {deck.title}", data)

    async def match(self, request: web.Request) -> web.Response:
        """A match, live or reviewed."""
        match = MatchId(request.match_info["match"])
        try:
            state = (await self._services.matches.attach(match)).state
        except Refused:
            return self._renderer.missing()
        record = record_of(state, await names_in(state, self._services.players))
        me = (await self._visitors.caller(request)).me
        data = {"me": me, "match": match, "record": record if record.result else None}
        title, about = headline(record)
        address = origin_of(request, self._services.settings) + request.path
        return self._renderer.page("match", title, data, about, address)
