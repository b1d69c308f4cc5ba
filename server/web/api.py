"""The HTTP calls of the wire contract, in JSON."""

import time
from typing import Annotated, Final

from aiohttp import hdrs, web
from msgspec import Meta, Struct

from deck.cards import Deck
from server.core.ids import MatchId
from server.core.names import BadName
from server.core.refusal import Refused
from server.store.link import Unavailable
from server.store.players import NameTaken
from server.web.account import Me, me_of
from server.web.calls import (
    ADMITTED,
    NO_SUCH_DECK,
    NO_SUCH_MATCH,
    NOT_SIGNED_IN,
    ApiError,
    Call,
    ErrorBody,
    Trouble,
    body_of,
    deck_of,
    json,
    routes_of,
)
from server.web.metrics import CONTENT_TYPE, Metrics
from server.web.record import MatchRecord, names_in, record_of
from server.web.services import Services
from server.web.visitors import Visitors


class SignUp(Struct, forbid_unknown_fields=False):
    """The body of `POST /api/players`."""

    name: Annotated[str, Meta(max_length=200)]
    bot: bool = False


class SignedUp(Struct, frozen=True):
    """A new player, and the token that signs this one in."""

    id: str
    name: str
    token: str


class ListedDeck(Struct, frozen=True):
    """A deck in the list of decks; `cards` is how many it has."""

    id: str
    title: str
    cards: int


class ShownCard(Struct, frozen=True):
    """A card as everybody may see it."""

    id: str
    prompt: str
    answer: str


class WholeDeck(Struct, frozen=True):
    """A deck with its cards, in order."""

    id: str
    title: str
    cards: tuple[ShownCard, ...]


class Well(Struct, frozen=True):
    """All is well."""

    ok: bool = True


class Api:
    """The calls, over the services of this process."""

    def __init__(self, services: Services, metrics: Metrics, visitors: Visitors) -> None:
        self._services: Final = services
        self._visitors: Final = visitors
        self._metrics: Final = metrics

    def calls(self) -> list[Call]:
        """Every call of these."""
        return [
            Call(
                "POST",
                "/api/players",
                self.sign_up,
                body=SignUp,
                answer=SignedUp,
                status=201,
                errors=(Trouble(409, "name_taken"), Trouble(422, "bad_name"), *ADMITTED),
            ),
            Call("GET", "/api/me", self.me, answer=Me, errors=(NOT_SIGNED_IN,)),
            Call("GET", "/api/decks", self.decks, answer=list[ListedDeck]),
            Call("GET", "/api/decks/{deck}", self.deck, answer=WholeDeck, errors=(NO_SUCH_DECK,)),
            Call(
                "GET",
                "/api/matches/{match}",
                self.match,
                answer=MatchRecord,
                errors=(NO_SUCH_MATCH,),
            ),
            Call("GET", "/healthz", self.healthz, answer=Well),
            Call("GET", "/readyz", self.readyz, answer=Well),
            Call("GET", "/metrics", self.metrics, answer=str),
        ]

    def routes(self) -> list[web.RouteDef]:
        """Their routes."""
        return routes_of(self.calls())

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
        answer = json(SignedUp(account.id, account.name, token), 201)
        self._visitors.remember(answer, token, request)
        return answer

    async def me(self, request: web.Request) -> web.Response:
        """The signed-in player."""
        account = await self._visitors.signed_in(request)
        return json(await me_of(self._services, account))

    async def decks(self, _: web.Request) -> web.Response:
        """All decks."""
        decks = self._services.decks.values()
        return json([listed(deck) for deck in decks])

    async def deck(self, request: web.Request) -> web.Response:
        """One deck with its cards, in order."""
        deck = deck_of(request, self._services.decks)
        return json(whole(deck))

    async def match(self, request: web.Request) -> web.Response:
        """The record of a match; of a live one only what is public."""
        try:
            live = await self._services.matches.attach(MatchId(request.match_info["match"]))
        except Refused as refusal:
            raise ApiError(404, refusal.reason, refusal.detail) from refusal
        return json(record_of(live.state, await names_in(live.state, self._services.players)))

    async def healthz(self, _: web.Request) -> web.Response:
        """This process runs."""
        return json(Well())

    async def readyz(self, _: web.Request) -> web.Response:
        """Redis answers."""
        try:
            await self._services.link.call("PING")
        except Unavailable:
            return json(ErrorBody("unavailable", "Redis does not answer."), 503)
        return json(Well())

    async def metrics(self, _: web.Request) -> web.Response:
        """Prometheus text."""
        self._services.measure()
        return web.Response(body=self._metrics.text(), headers={hdrs.CONTENT_TYPE: CONTENT_TYPE})


def listed(deck: Deck) -> ListedDeck:
    """A deck in the list of decks."""
    return ListedDeck(deck.id, deck.title, len(deck.cards))


def whole(deck: Deck) -> WholeDeck:
    """A deck with its cards, in order."""
    cards = (ShownCard(card.id, card.prompt, card.answer) for card in deck.cards)
    return WholeDeck(deck.id, deck.title, tuple(cards))
