"""The HTTP calls of the wire contract, in JSON."""

import contextlib
import time
from typing import Annotated, Final

from aiohttp import hdrs, web
from msgspec import UNSET, Meta, Struct, UnsetType

from deck.cards import Deck
from server.core.ids import MatchId, PlayerId
from server.core.names import BadName
from server.core.refusal import Refused
from server.store.ladder import decode_record
from server.store.link import Unavailable
from server.store.players import Account, NameTaken
from server.web.calls import (
    ADMITTED,
    BAD_QUERY,
    NO_SUCH_DECK,
    NO_SUCH_MATCH,
    NO_SUCH_PLAYER,
    NOT_SIGNED_IN,
    ApiError,
    Call,
    ErrorBody,
    Trouble,
    body_of,
    deck_named,
    deck_of,
    json,
    routes_of,
    whole_number,
)
from server.web.metrics import CONTENT_TYPE, Metrics
from server.web.record import MatchRecord, MatchSummary, names_in, record_of, summary_of
from server.web.services import Services
from server.web.visitors import Visitors
from server.wire.messages import LadderRow

MOST_ROWS: Final = 100


class SignUp(Struct, forbid_unknown_fields=False):
    """The body of `POST /api/players`."""

    name: Annotated[str, Meta(max_length=200)]
    bot: bool = False


class SignedUp(Struct, frozen=True):
    """A new player, and the token that signs this one in."""

    id: str
    name: str
    token: str


class Me(Struct, frozen=True):
    """The signed-in player."""

    id: str
    name: str
    bot: bool


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


class BoardQuery(Struct):
    """Which rows of a leaderboard are asked for."""

    limit: Annotated[int, Meta(ge=0, description="Rows of `top`; over 100 counts as 100.")] = 10
    around: Annotated[str | UnsetType, Meta(description="Also the rows next to this player.")] = (
        UNSET
    )


class Leaderboard(Struct):
    """The top of a ladder; `around` only where it is asked for."""

    deck: str
    rated_players: int
    top: list[LadderRow]
    around: list[LadderRow] | UnsetType = UNSET


class PlayerOnLadder(Struct, frozen=True):
    """What a player is on one ladder."""

    deck: str
    title: str
    rating: int
    matches: int
    wins: int
    draws: int
    losses: int
    peak: int
    provisional: bool


class PlayerAnswer(Struct, frozen=True):
    """A player, and what they are on each ladder."""

    id: str
    name: str
    bot: bool
    decks: list[PlayerOnLadder]


class MatchesQuery(Struct):
    """Which of a player's matches are asked for."""

    deck: Annotated[str | UnsetType, Meta(description="Only matches of this deck.")] = UNSET
    limit: Annotated[int, Meta(ge=0, description="At most so many; over 100 counts as 100.")] = 20
    before: Annotated[int | UnsetType, Meta(description="The `next` of the page before.")] = UNSET


class Matches(Struct, frozen=True):
    """A page of finished matches; `next` is null on the last."""

    matches: list[MatchSummary]
    next: int | None


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
                "/api/decks/{deck}/leaderboard",
                self.leaderboard,
                query=BoardQuery,
                answer=Leaderboard,
                errors=(NO_SUCH_DECK, BAD_QUERY),
            ),
            Call(
                "GET",
                "/api/players/{player}",
                self.player,
                answer=PlayerAnswer,
                errors=(NO_SUCH_PLAYER,),
            ),
            Call(
                "GET",
                "/api/players/{player}/matches",
                self.matches,
                query=MatchesQuery,
                answer=Matches,
                errors=(NO_SUCH_PLAYER, NO_SUCH_DECK, BAD_QUERY),
            ),
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
        return json(Me(account.id, account.name, account.bot))

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
            board.around = await self._services.ladders.around(deck, PlayerId(around))
        return json(board)

    async def board(self, deck: str, limit: int = 10) -> Leaderboard:
        """The leaderboard as the call and the deck's page give it."""
        ladders = self._services.ladders
        top = await ladders.top(deck, limit)
        return Leaderboard(deck, await ladders.rated_players(deck), top)

    async def player(self, request: web.Request) -> web.Response:
        """A player, and what they are on each ladder."""
        account = await self._account(request)
        ladders = []
        for deck, board in self._services.boards.items():
            (stored,) = await board.records((account.id,))
            record = decode_record(stored)
            ladders.append(
                PlayerOnLadder(
                    deck=deck,
                    title=self._services.decks[deck].title,
                    rating=record.rating,
                    matches=record.matches,
                    wins=record.wins,
                    draws=record.draws,
                    losses=record.losses,
                    peak=record.peak,
                    provisional=record.standing.provisional,
                )
            )
        return json(PlayerAnswer(account.id, account.name, account.bot, ladders))

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
        return json(Matches(summaries, more))

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
        return web.Response(body=self._metrics.text(), headers={hdrs.CONTENT_TYPE: CONTENT_TYPE})

    async def _account(self, request: web.Request) -> Account:
        player = PlayerId(request.match_info["player"])
        account = await self._services.players.account(player)
        if account is None:
            raise ApiError(404, "no_such_player", "There is no player at this address.")
        return account


def listed(deck: Deck) -> ListedDeck:
    """A deck in the list of decks."""
    return ListedDeck(deck.id, deck.title, len(deck.cards))


def whole(deck: Deck) -> WholeDeck:
    """A deck with its cards, in order."""
    cards = (ShownCard(card.id, card.prompt, card.answer) for card in deck.cards)
    return WholeDeck(deck.id, deck.title, tuple(cards))
