"""The HTTP calls of the wire contract, in JSON."""

import contextlib
import time
from typing import Annotated, Final

from aiohttp import hdrs, web
from msgspec import Meta, Struct

from deck.cards import Deck
from server.core.ids import MatchId, PlayerId
from server.core.names import BadName
from server.core.refusal import Refused
from server.store.ladder import decode_record
from server.store.link import Unavailable
from server.store.players import Account, NameTaken
from server.web.calls import ApiError, body_of, deck_named, deck_of, json, whole_number
from server.web.metrics import CONTENT_TYPE, Metrics
from server.web.record import record_of, summary_of
from server.web.services import Services
from server.web.visitors import Visitors

MOST_ROWS: Final = 100


class SignUp(Struct, forbid_unknown_fields=False):
    """The body of `POST /api/players`."""

    name: Annotated[str, Meta(max_length=200)]
    bot: bool = False


class Api:
    """The calls, over the services of this process."""

    def __init__(self, services: Services, metrics: Metrics, visitors: Visitors) -> None:
        self._services: Final = services
        self._visitors: Final = visitors
        self._metrics: Final = metrics

    def routes(self) -> list[web.RouteDef]:
        """Every call of the contract."""
        return [
            web.post("/api/players", self.sign_up),
            web.get("/api/me", self.me),
            web.get("/api/decks", self.decks),
            web.get("/api/decks/{deck}", self.deck),
            web.get("/api/decks/{deck}/leaderboard", self.leaderboard),
            web.get("/api/players/{player}", self.player),
            web.get("/api/players/{player}/matches", self.matches),
            web.get("/api/matches/{match}", self.match),
            web.get("/healthz", self.healthz),
            web.get("/readyz", self.readyz),
            web.get("/metrics", self.metrics),
        ]

    async def sign_up(self, request: web.Request) -> web.Response:
        """A new player; the token is in the body and in the cookie."""
        self._visitors.admit_new(request)
        wanted = await body_of(request, SignUp, "bad_name")
        guest = None if wanted.bot else await self._visitors.player(request)
        try:
            account, token = await self._services.players.sign_up(
                wanted.name,
                bot=wanted.bot,
                now_ms=int(time.time() * 1000),
                guest=guest,
            )
        except BadName as error:
            raise ApiError(422, "bad_name", str(error)) from error
        except NameTaken as error:
            detail = "Somebody has this name already: choose another."
            raise ApiError(409, "name_taken", detail) from error
        if account.id == guest:
            await self._services.tiles.named(account.id)
        answer = json({"id": account.id, "name": account.name, "token": token}, 201)
        self._visitors.remember(answer, token, request)
        return answer

    async def me(self, request: web.Request) -> web.Response:
        """The signed-in player."""
        account = await self._visitors.signed_in(request)
        return json({"id": account.id, "name": account.name, "bot": account.bot})

    async def decks(self, _: web.Request) -> web.Response:
        """All decks."""
        decks = self._services.decks.values()
        return json([listed(deck) for deck in decks])

    async def deck(self, request: web.Request) -> web.Response:
        """One deck with its cards, in order."""
        deck = deck_of(request, self._services.decks)
        return json(whole(deck))

    async def leaderboard(self, request: web.Request) -> web.Response:
        """The top of a ladder, and with `around` the rows next to a player."""
        deck = deck_of(request, self._services.decks).id
        limit = whole_number(request, "limit", 10, 0, MOST_ROWS)
        board = await self.board(deck, limit)
        around = request.query.get("around")
        if around is not None:
            rows = await self._services.ladders.around(deck, PlayerId(around))
            board["around"] = rows
        return json(board)

    async def board(self, deck: str, limit: int = 10) -> dict[str, object]:
        """The leaderboard as the call and the deck's page give it."""
        ladders = self._services.ladders
        top = await ladders.top(deck, limit)
        return {"deck": deck, "rated_players": await ladders.rated_players(deck), "top": top}

    async def player(self, request: web.Request) -> web.Response:
        """A player, and what they are on each ladder."""
        account = await self._account(request)
        ladders = []
        for deck, board in self._services.boards.items():
            (stored,) = await board.records((account.id,))
            record = decode_record(stored)
            ladders.append(
                {
                    "deck": deck,
                    "title": self._services.decks[deck].title,
                    "rating": record.rating,
                    "matches": record.matches,
                    "wins": record.wins,
                    "draws": record.draws,
                    "losses": record.losses,
                    "peak": record.peak,
                    "provisional": record.standing.provisional,
                }
            )
        return json({"id": account.id, "name": account.name, "bot": account.bot, "decks": ladders})

    async def matches(self, request: web.Request) -> web.Response:
        """A player's finished matches, newest first; `next` is the `before` of the next page."""
        account = await self._account(request)
        limit = whole_number(request, "limit", 20, 1, MOST_ROWS)
        before = whole_number(request, "before", 2**53, 0, 2**53)
        asked = request.query.get("deck")
        decks = None if asked is None else [deck_named(asked, self._services.decks).id]
        played: list[tuple[MatchId, int]] = []
        for deck in decks or self._services.boards:
            played += await self._services.boards[deck].played(account.id, before, limit)
        played.sort(key=lambda match: -match[1])
        page = played[:limit]
        summaries = []
        for match, _ in page:
            with contextlib.suppress(Refused):
                state = (await self._services.matches.attach(match)).state
                if state.settled is not None:  # else its result is only being stored
                    summaries.append(summary_of(state, account.id))
        more = page[-1][1] if len(page) == limit else None
        return json({"matches": summaries, "next": more})

    async def match(self, request: web.Request) -> web.Response:
        """The record of a match; of a live one only what is public."""
        try:
            live = await self._services.matches.attach(MatchId(request.match_info["match"]))
        except Refused as refusal:
            raise ApiError(404, refusal.reason, refusal.detail) from refusal
        return json(record_of(live.state))

    async def healthz(self, _: web.Request) -> web.Response:
        """This process runs."""
        return json({"ok": True})

    async def readyz(self, _: web.Request) -> web.Response:
        """Redis answers."""
        try:
            await self._services.link.call("PING")
        except Unavailable:
            detail = "Redis does not answer."
            return json({"error": "unavailable", "detail": detail}, 503)
        return json({"ok": True})

    async def metrics(self, _: web.Request) -> web.Response:
        """Prometheus text."""
        return web.Response(body=self._metrics.text(), headers={hdrs.CONTENT_TYPE: CONTENT_TYPE})

    async def _account(self, request: web.Request) -> Account:
        player = PlayerId(request.match_info["player"])
        account = await self._services.players.account(player)
        if account is None:
            raise ApiError(404, "no_such_player", "There is no player at this address.")
        return account


def listed(deck: Deck) -> dict[str, object]:
    """A deck in the list of decks."""
    return {"id": deck.id, "title": deck.title, "cards": len(deck.cards)}


def whole(deck: Deck) -> dict[str, object]:
    """A deck with its cards, in order."""
    cards = [{"id": c.id, "prompt": c.prompt, "answer": c.answer} for c in deck.cards]
    return {"id": deck.id, "title": deck.title, "cards": cards}
