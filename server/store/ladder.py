"""A deck's ladder: its board, the records on it, and the commit of a settlement."""

from collections.abc import Sequence
from typing import Final, TypeAlias

import msgspec
from msgspec import Struct

from deck.cards import CardId
from server.core.elo import START, RatingChange, Standing
from server.core.fairness import DAY_MS
from server.core.ids import SEATS, BySeat, MatchId, PlayerId
from server.store.keys import LOG_LIFE_MS, LadderKeys
from server.store.link import Link, scored
from server.store.scripts import Script

CARDS_OF_MATCHES: Final = 200
"""For how many of his last matches it is known how each card of a player went."""
_BAND: Final = 2**40
"""Board scores of one rating: (rating·2^40, (rating + 1)·2^40), earlier arrivals higher."""


class Record(Struct, frozen=True):
    """A player on one ladder; counts are of rated matches. MessagePack, compared whole.

    `version` counts every settlement, so no two states of a record have equal bytes.
    """

    rating: int = START
    matches: int = 0
    wins: int = 0
    draws: int = 0
    losses: int = 0
    peak: int = START
    change: int = 0
    last_opponent: PlayerId | None = None
    version: int = 0

    @property
    def standing(self) -> Standing:
        """What the rating rules need of it."""
        return Standing(self.rating, self.matches, self.peak)


class StoredResult(Struct, frozen=True, array_like=True):
    """What a settlement decided."""

    ratings: BySeat[RatingChange] | None


class Settlement(Struct, frozen=True, array_like=True):
    """A settlement as stored; `at` is Redis time in milliseconds."""

    at: int
    result: StoredResult


class BoardRow(Struct, frozen=True):
    """One row of the board, without the player's name."""

    rank: int
    player: PlayerId
    record: Record


CardRound: TypeAlias = tuple[CardId, bool]
"""A card of a match, and whether the player's answer was right; no two are of one card."""


class CardDuels(Struct, frozen=True):
    """A player's rounds with one card; `lost_at` is Redis ms, 0 for never."""

    won: int
    lost: int
    lost_at: int


class Commit(Struct, frozen=True):
    """Everything one settlement changes, by seat; `before` as read, None where new."""

    match: MatchId
    players: BySeat[PlayerId]
    before: BySeat[bytes]
    after: BySeat[Record]
    result: StoredResult
    charged: BySeat[bool]
    played: bool
    cards: BySeat[tuple[CardRound, ...]] = ((), ())


_encode: Final = msgspec.msgpack.Encoder().encode
_record_decoder: Final = msgspec.msgpack.Decoder(Record)
_cards_decoder: Final = msgspec.msgpack.Decoder(tuple[int, tuple[CardRound, ...]])
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
        keys, players = self.keys, commit.players
        changes = commit.result.ratings
        on_board = ["" if record.matches <= 1 else "1" for record in commit.after]
        reply = await self._settle(
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
            ],
            commit.match,
            int(changes is not None),
            DAY_MS,
            *players,
            *commit.before,
            *(_encode(record) for record in commit.after),
            *(str(changes[s].before) if changes and on_board[s] else "" for s in SEATS),
            *(record.rating for record in commit.after),
            *(_encode((commit.match, changes[s]) if changes else ()) for s in SEATS),
            *(int(charged) for charged in commit.charged),
            _encode(commit.result),
            int(commit.played),
            LOG_LIFE_MS,
            *(_encode(cards) if cards else "" for cards in commit.cards),
            CARDS_OF_MATCHES,
        )
        return _settlement_decoder.decode(reply[1]) if reply[0] == b"stored" else None

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

    async def rated_players(self) -> int:
        """How many players stand on the board."""
        return int(await self._link.call("ZCARD", self.keys.board))

    async def top(self, limit: int) -> list[BoardRow]:
        """The first rows of the board."""
        return await self._rows(0, limit - 1) if limit > 0 else []

    async def around(self, player: PlayerId, each_way: int) -> list[BoardRow]:
        """A player's row with those above and below; empty if not on the board."""
        place = await self._link.call("ZREVRANK", self.keys.board, player)
        if place is None:
            return []
        return await self._rows(max(0, place - each_way), place + each_way)

    async def _rows(self, start: int, stop: int) -> list[BoardRow]:
        raw = await self._link.call("ZREVRANGE", self.keys.board, start, stop, "WITHSCORES")
        places = scored(raw)
        if not places:
            return []
        players = [PlayerId(player.decode()) for player, _ in places]
        first_rating = places[0][1] // _BAND
        above = self._link.call("ZCOUNT", self.keys.board, (first_rating + 1) * _BAND, "+inf")
        records = [decode_record(stored) for stored in await self.records(players)]
        return _ranked(players, records, int(await above) + 1, start)

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


def _ranked(
    players: list[PlayerId], records: list[Record], first_rank: int, start: int
) -> list[BoardRow]:
    """Rows with shared ranks (1, 1, 3): equal ratings have the place of the first."""
    rows: list[BoardRow] = []
    for index, (player, record) in enumerate(zip(players, records, strict=True)):
        if not rows:
            rank = first_rank
        elif record.rating == rows[-1].record.rating:
            rank = rows[-1].rank
        else:
            rank = start + index + 1
        rows.append(BoardRow(rank, player, record))
    return rows
