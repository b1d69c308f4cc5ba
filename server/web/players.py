"""The players: what they are on each ladder, how that came, their matches, their page."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Final

from aiohttp import web
from msgspec import UNSET, Meta, Struct, UnsetType

from server.core.elo import PROVISIONAL_MATCHES, standard_error
from server.core.ids import MatchId, PlayerId
from server.core.refusal import Refused
from server.store.ladder import Point, Record, Tally, decode_record
from server.store.players import Account
from server.web.calls import (
    BAD_QUERY,
    NO_SUCH_DECK,
    NO_SUCH_PLAYER,
    TOO_FAST,
    ApiError,
    Call,
    deck_named,
    json,
    routes_of,
    whole_number,
)
from server.web.record import MatchSummary, names_in, summary_of
from server.web.rendering import Renderer
from server.web.services import Services
from server.web.study import shown
from server.web.visitors import Caller, Visitors

MOST_MATCHES: Final = 100
PAGE_MATCHES: Final = 20
MOST_POINTS: Final = 1_000
_LATEST: Final = 2**53


class Person(Struct, frozen=True):
    """A player by id and present name."""

    id: str
    name: str


class BestWin(Struct, frozen=True):
    """The strongest player that one has beaten, and the rating this one had before."""

    match: str
    rating: int
    player: str
    name: str


class PlayerOnLadder(Struct):
    """What a player is on one ladder; counts are of rated matches.

    `streak` counts wins in a row, or losses below zero. `against` is how the caller's finished
    matches against the player went, rated or not: only where another player asks.
    """

    deck: str
    title: str
    rating: int
    rank: int | None
    matches: int
    wins: int
    draws: int
    losses: int
    peak: int
    provisional: bool
    streak: int
    best_streak: int
    best_win: BestWin | None
    against: Tally | UnsetType = UNSET


class PlayerAnswer(Struct, frozen=True):
    """A player, and what they are on each ladder."""

    id: str
    name: str
    bot: bool
    practice: bool
    online: bool
    playing: str | None
    decks: list[PlayerOnLadder]


class HistoryQuery(Struct):
    """Which part of a history is asked for."""

    deck: Annotated[str, Meta(description="The ladder.")]
    limit: Annotated[int, Meta(ge=1, description="At most so many; over 1,000 counts as that.")] = (
        100
    )
    before: Annotated[int | UnsetType, Meta(description="The `next` of the page before.")] = UNSET


class HistoryPoint(Struct, frozen=True):
    """A rating after a rated match; `low` and `high` are its range while it is provisional."""

    match: str
    at_ms: int
    rating: int
    change: int
    opponent: Person | None
    low: int | None
    high: int | None


class History(Struct, frozen=True):
    """A page of a player's ratings, newest first; `next` is null on the last."""

    deck: str
    points: list[HistoryPoint]
    next: int | None


class MatchesQuery(Struct):
    """Which of a player's matches are asked for."""

    deck: Annotated[str | UnsetType, Meta(description="Only matches of this deck.")] = UNSET
    limit: Annotated[int, Meta(ge=0, description="At most so many; over 100 counts as 100.")] = 20
    before: Annotated[int | UnsetType, Meta(description="The `next` of the page before.")] = UNSET


class Matches(Struct, frozen=True):
    """A page of finished matches; `next` is null on the last."""

    matches: list[MatchSummary]
    next: int | None


class PlayersApi:
    """The calls, and the page, over the services of this process."""

    def __init__(self, services: Services, visitors: Visitors, renderer: Renderer) -> None:
        self._services: Final = services
        self._visitors: Final = visitors
        self._renderer: Final = renderer

    def calls(self) -> list[Call]:
        """Every call of these."""
        one = "/api/players/{player}"
        listed = (NO_SUCH_PLAYER, NO_SUCH_DECK, BAD_QUERY)
        return [
            Call("GET", one, self.player, answer=PlayerAnswer, errors=(NO_SUCH_PLAYER,)),
            Call(
                "GET",
                f"{one}/history",
                self.history,
                query=HistoryQuery,
                answer=History,
                errors=listed,
            ),
            Call(
                "GET",
                f"{one}/matches",
                self.matches,
                query=MatchesQuery,
                answer=Matches,
                errors=(*listed, TOO_FAST),
            ),
        ]

    def routes(self) -> list[web.RouteDef]:
        """Their routes, and the page's."""
        return [*routes_of(self.calls()), web.get("/players/{player}", self.page)]

    async def player(self, request: web.Request) -> web.Response:
        """A player, and what they are on each ladder."""
        account = await self._account(request)
        return json(await self._shown(account, await self._visitors.caller(request)))

    async def history(self, request: web.Request) -> web.Response:
        """A player's ratings on one ladder after each rated match, newest first."""
        account = await self._account(request)
        deck = deck_named(request.query.get("deck", ""), self._services.decks).id
        limit = whole_number(request, "limit", 100, 1, MOST_POINTS)
        before = whole_number(request, "before", _LATEST, 0, _LATEST)
        return json(await self._history(account.id, deck, limit, before))

    async def matches(self, request: web.Request) -> web.Response:
        """A player's finished matches, newest first; `next` is the `before` of the next page."""
        self._visitors.admit_look(request)
        account = await self._account(request)
        limit = whole_number(request, "limit", PAGE_MATCHES, 1, MOST_MATCHES)
        before = whole_number(request, "before", _LATEST, 0, _LATEST)
        asked = request.query.get("deck")
        decks = None if asked is None else [deck_named(asked, self._services.decks).id]
        return json(await self._matches(account.id, decks, limit, before))

    async def page(self, request: web.Request) -> web.Response:
        """A player's page; on one's own also what was studied."""
        player = PlayerId(request.match_info["player"])
        account = await self._services.players.account(player)
        if account is None:
            return self._renderer.missing()
        caller = await self._visitors.caller(request)
        shown = await self._shown(account, caller)
        histories = [
            await self._history(player, ladder.deck, MOST_POINTS)
            for ladder in shown.decks
            if ladder.matches > 0
        ]
        data = {
            "me": caller.me,
            "player": shown,
            "histories": histories,
            "matches": await self._matches(player, None, PAGE_MATCHES),
            "studied": await self._studied(player) if caller.player == player else [],
        }
        about = _headline(shown)
        return self._renderer.page("player", account.name, data, about)

    async def _account(self, request: web.Request) -> Account:
        player = PlayerId(request.match_info["player"])
        account = await self._services.players.account(player)
        if account is None:
            raise ApiError(404, "no_such_player", "There is no player at this address.")
        return account

    async def _shown(self, account: Account, caller: Caller) -> PlayerAnswer:
        """A player as the call and the page give them, to this caller."""
        activity, other = self._services.activity, caller.account
        viewer = other.id if other is not None and other.id != account.id else None
        return PlayerAnswer(
            id=account.id,
            name=account.name,
            bot=account.bot,
            practice=account.practice,
            online=account.practice or await activity.is_online(account.id),
            playing=None if account.practice else await activity.playing(account.id),
            decks=[
                await self._on_ladder(deck, account.id, viewer) for deck in self._services.decks
            ],
        )

    async def _on_ladder(
        self, deck: str, player: PlayerId, viewer: PlayerId | None
    ) -> PlayerOnLadder:
        board = self._services.boards[deck]
        (stored,) = await board.records((player,))
        record = decode_record(stored)
        return PlayerOnLadder(
            deck=deck,
            title=self._services.decks[deck].title,
            rating=record.rating,
            rank=await board.rank(player),
            matches=record.matches,
            wins=record.wins,
            draws=record.draws,
            losses=record.losses,
            peak=record.peak,
            provisional=record.standing.provisional,
            streak=record.streak,
            best_streak=record.best_streak,
            best_win=await self._best_win(record),
            against=UNSET if viewer is None else await board.against(viewer, player),
        )

    async def _best_win(self, record: Record) -> BestWin | None:
        match, over = record.best_win_match, record.best_win_over
        if match is None or over is None:
            return None
        (name,) = await self._services.players.names((over,))
        return BestWin(match, record.best_win, over, name)

    async def _history(
        self, player: PlayerId, deck: str, limit: int, before: int = _LATEST
    ) -> History:
        points = await self._services.boards[deck].history(player, before, limit)
        ids = {point.rated.opponent for point in points if point.rated.opponent is not None}
        opponents = list(ids)
        names = await self._services.players.names(opponents)
        people = {id_: Person(id_, name) for id_, name in zip(opponents, names, strict=True)}
        more = points[-1].number if points and points[-1].number > 1 else None
        return History(deck, [_point(point, people) for point in points], more)

    async def _matches(
        self, player: PlayerId, decks: Sequence[str] | None, limit: int, before: int = _LATEST
    ) -> Matches:
        boards = self._services.boards
        listed = await asyncio.gather(
            *(boards[deck].played(player, before, limit) for deck in decks or boards)
        )
        played = sorted((match for some in listed for match in some), key=lambda match: -match[1])
        page = played[:limit]
        found = await asyncio.gather(*(self._summary(match, player) for match, _ in page))
        summaries = [summary for summary in found if summary is not None]
        return Matches(summaries, page[-1][1] if len(page) == limit else None)

    async def _summary(self, match: MatchId, player: PlayerId) -> MatchSummary | None:
        """A match from the seat of a player; None while its result is only being stored."""
        try:
            state = (await self._services.matches.attach(match)).state
        except Refused:
            return None
        if state.settled is None:
            return None
        return summary_of(state, player, await names_in(state, self._services.players))

    async def _studied(self, player: PlayerId) -> list[dict[str, object]]:
        """The progress in every deck, with the words of the cards that it knows of."""
        found = []
        for deck in self._services.decks.values():
            progress = await self._services.study.progress(deck.id, player)
            known = {card.card for card in progress.cards}
            words = [
                {"id": card.id, "prompt": card.prompt, "answer": card.answer}
                for card in deck.cards
                if card.id in known
            ]
            if words:
                found.append({"progress": shown(deck, progress), "cards": words})
        return found


def _point(point: Point, people: dict[PlayerId, Person]) -> HistoryPoint:
    change, opponent = point.rated.change, point.rated.opponent
    provisional = point.number < PROVISIONAL_MATCHES
    doubt = standard_error(point.number)
    return HistoryPoint(
        match=point.rated.match,
        at_ms=point.at,
        rating=change.after,
        change=change.change,
        opponent=people[opponent] if opponent is not None else None,
        low=change.after - doubt if provisional else None,
        high=change.after + doubt if provisional else None,
    )


def _headline(player: PlayerAnswer) -> str:
    """The page in one sentence, for those who are sent a link to it."""
    if player.practice:
        return f"{player.name} is a practice opponent: matches are unrated."
    if player.bot:
        return f"{player.name} is a bot: matches are unrated."
    rated = [
        f"{ladder.rating}{'?' if ladder.provisional else ''} in {ladder.title}"
        for ladder in player.decks
        if ladder.matches > 0
    ]
    return f"{player.name}: {', '.join(rated)}." if rated else f"{player.name} has no rating yet."
