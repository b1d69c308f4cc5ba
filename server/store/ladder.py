"""A deck's ladder: its board, the records on it, and the commit of a settlement."""

import asyncio
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from deck.cards import CardId
from server.core.elo import START, RatingChange, Standing
from server.core.events import Ending
from server.core.fairness import DAY_MS
from server.core.ids import SEATS, BySeat, MatchId, PlayerId, Seat, other
from server.core.outcome import Went
from server.core.period import Period, month_of, week_of
from server.store.keys import LOG_LIFE_MS, LadderKeys
from server.store.link import Link, Reply, scored, time_ms
from server.store.scripts import Script

CARDS_OF_MATCHES: Final = 200
"""For how many of his last matches it is known how each card of a player went."""
ANSWERS_OF_MATCHES: Final = 1_000
"""The last matches of a ladder whose answers say how hard its cards are."""
BAND: Final = 2**40
"""Board scores of one rating: (rating·2^40, (rating + 1)·2^40), earlier arrivals higher."""


class Record(Struct, frozen=True):
    """A player on one ladder; counts are of rated matches. MessagePack, compared whole.

    `version` counts every settlement, so no two states of a record have equal bytes.
    `streak` counts wins in a row, or losses below zero; `best_win` is the rating of the
    strongest player beaten, 0 for nobody.
    """

    rating: int = START
    matches: int = 0
    wins: int = 0
    draws: int = 0
    losses: int = 0
    peak: int = START
    change: int = 0
    streak: int = 0
    best_streak: int = 0
    best_win: int = 0
    best_win_match: MatchId | None = None
    best_win_over: PlayerId | None = None
    last_opponent: PlayerId | None = None
    version: int = 0

    @property
    def standing(self) -> Standing:
        """What the rating rules need of it."""
        return Standing(self.rating, self.matches, self.peak)


class StoredResult(Struct, frozen=True, array_like=True):
    """What a settlement decided, and on which ending; the first ones did not keep that."""

    ratings: BySeat[RatingChange] | None
    ending: Ending | None = None


class Settlement(Struct, frozen=True, array_like=True):
    """A settlement as stored; `at` is Redis time in milliseconds."""

    at: int
    result: StoredResult


class BoardRow(Struct, frozen=True):
    """One row of a board, without the player's name.

    `change` is that of the last rated match, or on the board of a week or month all of it.
    """

    rank: int
    player: PlayerId
    record: Record
    change: int


CardRound: TypeAlias = tuple[CardId, bool]
"""A card of a match, and whether the player's answer was right; no two are of one card."""
PersonAnswers: TypeAlias = tuple[int, tuple[CardRound, ...]]
"""The rating of a player who is no bot, and the cards of a match that he answered."""


class CardDuels(Struct, frozen=True):
    """A player's rounds with one card; `lost_at` is Redis ms, 0 for never."""

    won: int
    lost: int
    lost_at: int


class Tally(Struct, frozen=True):
    """How the finished matches of two players went, from one's side."""

    wins: int
    draws: int
    losses: int


class RatedMatch(Struct, frozen=True, array_like=True):
    """An entry of a player's history; the first ones did not name the opponent."""

    match: MatchId
    change: RatingChange
    opponent: PlayerId | None = None


class Point(Struct, frozen=True):
    """A player's rating after the rated match of that number, counted from 1; `at` in Redis ms."""

    number: int
    at: int
    rated: RatedMatch


class Commit(Struct, frozen=True):
    """Everything one settlement changes, by seat; `before` as read, b"" where new.

    `after` is None for a practice opponent, of whom there is no record: neither compared nor
    kept, so that his matches are settled at once, however many.
    """

    match: MatchId
    players: BySeat[PlayerId]
    before: BySeat[bytes]
    after: BySeat[Record | None]
    result: StoredResult
    charged: BySeat[bool]
    played: bool
    cards: BySeat[tuple[CardRound, ...]] = ((), ())
    went: BySeat[Went | Literal[""]] = ("", "")
    answers: tuple[PersonAnswers, ...] = ()

    def rated(self, seat: Seat) -> RatedMatch | None:
        """What a seat's history gets of it; None for nothing."""
        ratings = self.result.ratings
        if ratings is None:
            return None
        return RatedMatch(self.match, ratings[seat], self.players[other(seat)])


_encode: Final = msgspec.msgpack.Encoder().encode
_record_decoder: Final = msgspec.msgpack.Decoder(Record)
_cards_decoder: Final = msgspec.msgpack.Decoder(tuple[int, tuple[CardRound, ...]])
_rated_decoder: Final = msgspec.msgpack.Decoder(tuple[int, RatedMatch])
_settlement_decoder: Final = msgspec.msgpack.Decoder(Settlement)


def decode_record(raw: bytes | None) -> Record:
    """A stored record; a new one where there is none."""
    return _record_decoder.decode(raw) if raw else Record()


class Ladder:
    """The ladder of one deck."""

    def __init__(self, link: Link, deck: str) -> None:
        self._link: Final = link
        self.keys: Final = LadderKeys(deck)
        self._settle: Final = Script(link, "settle")
        self._forget: Final = Script(link, "forget_player")

    async def records(self, players: Sequence[PlayerId]) -> list[bytes | None]:
        """The stored records of some players, as bytes: what `Commit.before` wants."""
        if not players:
            return []
        raw: list[bytes | None] = await self._link.call(
            "MGET", *(self.keys.record(player) for player in players)
        )
        return raw

    async def rated_in_a_day(self, one: PlayerId, two: PlayerId, now: int) -> int:
        """How many rated matches these two have had in the 24 hours before `now`."""
        key = self.keys.pair(one, two)
        return int(await self._link.call("ZCOUNT", key, now - DAY_MS, "+inf"))

    async def charges(self, player: PlayerId) -> list[int]:
        """When this player left early within a day, Redis ms."""
        raw = await self._link.call("ZRANGE", self.keys.charges(player), 0, -1, "WITHSCORES")
        return [at for _, at in scored(raw)]

    async def commit(self, commit: Commit) -> Settlement | None:
        """Store a settlement, once; a repeat gives what was stored the first time.

        None: a record is not the one decided on; read again and decide anew.
        """
        now = await self.now()
        while True:
            match await self._try(commit, now):
                case [b"stored", marker]:
                    return _settlement_decoder.decode(marker)
                case [b"another span", at]:  # by the clock of the script, whatever `now` said
                    now = int(at)
                case _:
                    return None

    def _try(self, commit: Commit, now: int) -> asyncio.Future[Reply]:
        """Run the script with the week and month of `now`, Redis ms."""
        keys, players = self.keys, commit.players
        spans = week_of(now), month_of(now)
        changes = commit.result.ratings
        records = commit.after
        on_board = [record is not None and record.matches > 1 for record in records]
        return self._settle(
            [
                keys.settled(commit.match),
                keys.board,
                keys.arrivals,
                keys.changes,
                keys.pair(*players),
                *(keys.record(player) for player in players),
                *(keys.history(player) for player in players),
                *(keys.played(player) for player in players),
                *(keys.charges(player) for player in players),
                *(keys.cards(player) for player in players),
                keys.playing,
                *(keys.against(player) for player in players),
                *(keys.gains(span) for span in spans),
                keys.answers,
            ],
            commit.match,
            int(changes is not None),
            DAY_MS,
            *players,
            *commit.before,
            *(_encode(record) if record else "" for record in records),
            *(str(changes[s].before) if changes and on_board[s] else "" for s in SEATS),
            *(record.rating if record else "" for record in records),
            *(_encode(commit.rated(s)) for s in SEATS),
            *(int(charged) for charged in commit.charged),
            _encode(commit.result),
            int(commit.played),
            LOG_LIFE_MS,
            *(_encode(cards) if cards else "" for cards in commit.cards),
            CARDS_OF_MATCHES,
            *commit.went,
            *(changes[s].change if changes else "" for s in SEATS),
            *(edge for span in spans for edge in (span.begins_at, span.ends_at)),
            _encode(commit.answers) if commit.answers else "",
            ANSWERS_OF_MATCHES,
        )

    async def forget(self, player: PlayerId) -> None:
        """Take a player off every board, and forget what is known of him; a repeat is harmless.

        The caller sees to it that he is in no match. His opponents keep their results.
        """
        keys, now = self.keys, await self.now()
        boards = keys.board, keys.gains(week_of(now)), keys.gains(month_of(now))
        own = (
            keys.record(player),
            keys.history(player),
            keys.played(player),
            keys.charges(player),
            keys.cards(player),
            keys.against(player),
        )
        await self._forget([keys.changes, *boards, *own], player)

    async def stir(self) -> None:
        """Have whoever watches the board look at it again: a name on it may have changed."""
        await self._link.call("INCR", self.keys.changes)

    async def has_played(self, player: PlayerId) -> bool:
        """Whether a player has finished a match here."""
        return bool(await self._link.call("EXISTS", self.keys.played(player)))

    async def card_duels(self, player: PlayerId) -> dict[CardId, CardDuels]:
        """How a player's rounds went, by card, in the last `CARDS_OF_MATCHES` matches."""
        found: dict[CardId, CardDuels] = {}
        for stored in await self._link.call("LRANGE", self.keys.cards(player), 0, -1):
            at, rounds = _cards_decoder.decode(stored)
            for card, won in rounds:
                known = found.get(card, CardDuels(0, 0, 0))
                found[card] = CardDuels(
                    won=known.won + won,
                    lost=known.lost + (not won),
                    lost_at=known.lost_at if won else max(known.lost_at, at),
                )
        return found

    async def changes(self) -> int:
        """How often the board has moved: a cheap way to see that it has."""
        return int(await self._link.call("GET", self.keys.changes) or 0)

    async def now(self) -> int:
        """Redis time, ms since 1970: the clock by which settlements are dated."""
        return time_ms(await self._link.call("TIME"))

    async def against(self, player: PlayerId, opponent: PlayerId) -> Tally:
        """How a player's finished matches against another one went."""
        fields = (f"{went} {opponent}" for went in Went)
        counts = await self._link.call("HMGET", self.keys.against(player), *fields)
        return Tally(*(int(count or 0) for count in counts))

    async def history(self, player: PlayerId, before: int | None, limit: int) -> list[Point]:
        """A player's rated matches of numbers below `before`, None for all; newest first."""
        key = self.keys.history(player)
        last = int(await self._link.call("LLEN", key))
        if before is not None:
            last = min(last, before - 1)
        if last < 1:
            return []
        # Counted from the far end, where nothing moves when a match is added.
        raw = await self._link.call("LRANGE", key, -last, -max(1, last - limit + 1))
        entries = [_rated_decoder.decode(entry) for entry in raw]
        return [Point(last - n, at, rated) for n, (at, rated) in enumerate(entries)]

    async def rated_players(self, period: Period = Period.ALL) -> int:
        """How many players stand on a board."""
        return int(await self._link.call("ZCARD", await self._board(period)))

    async def top(self, limit: int, offset: int = 0, period: Period = Period.ALL) -> list[BoardRow]:
        """The rows of a board from an offset on."""
        if limit <= 0:
            return []
        return await self._rows(await self._board(period), period, offset, offset + limit - 1)

    async def place(self, player: PlayerId, period: Period = Period.ALL) -> int | None:
        """How many rows stand above a player's; None if not on the board."""
        place = await self._link.call("ZREVRANK", await self._board(period), player)
        return None if place is None else int(place)

    async def rank(self, player: PlayerId) -> int | None:
        """A player's rank, shared by equal ratings; None if not on the board."""
        score = await self._link.call("ZSCORE", self.keys.board, player)
        return None if score is None else await self._rank(self.keys.board, _value(score))

    async def around(self, player: PlayerId, each_way: int) -> list[BoardRow]:
        """A player's row with those above and below; empty if not on the board."""
        place = await self.place(player)
        if place is None:
            return []
        start, stop = max(0, place - each_way), place + each_way
        return await self._rows(self.keys.board, Period.ALL, start, stop)

    async def _board(self, period: Period) -> str:
        if period is Period.ALL:
            return self.keys.board
        now = await self.now()
        return self.keys.gains(week_of(now) if period is Period.WEEK else month_of(now))

    async def _rank(self, board: str, value: int) -> int:
        return 1 + int(await self._link.call("ZCOUNT", board, (value + 1) * BAND, "+inf"))

    async def _rows(self, board: str, period: Period, start: int, stop: int) -> list[BoardRow]:
        raw = await self._link.call("ZREVRANGE", board, start, stop, "WITHSCORES")
        places = [(PlayerId(player.decode()), score // BAND) for player, score in scored(raw)]
        if not places:
            return []
        first = self._rank(board, places[0][1])
        stored = await self.records([player for player, _ in places])
        rows: list[BoardRow] = []
        rank, value_above = await first, places[0][1]
        for index, ((player, value), raw_record) in enumerate(zip(places, stored, strict=True)):
            if value != value_above:  # equal ones share the rank of the first: 1, 1, 3
                rank, value_above = start + index + 1, value
            record = decode_record(raw_record)
            change = record.change if period is Period.ALL else value
            rows.append(BoardRow(rank, player, record, change))
        return rows

    async def played(self, player: PlayerId, before: int, limit: int) -> list[tuple[MatchId, int]]:
        """Finished matches settled before an instant (Redis ms), newest first."""
        raw = await self._link.call(
            "ZREVRANGEBYSCORE",
            self.keys.played(player),
            f"({before}",
            "-inf",
            "WITHSCORES",
            "LIMIT",
            0,
            limit,
        )
        return [(MatchId(match.decode()), at) for match, at in scored(raw)]


def _value(score: bytes) -> int:
    """The rating, or gain, in a score of a board."""
    return int(float(score)) // BAND
