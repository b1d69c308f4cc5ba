"""What Redis holds after a run: every log, every ladder's books, and what should not be left."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct
from redis import Redis

from scripts.chaosing.plan import DECK, PARTITIONS
from server.core.ids import MatchId, PlayerId, ProcessId
from server.core.period import Span
from server.store.keys import LadderKeys, PartitionKeys, account, busy
from server.store.ladder import BAND, RatedMatch, Record, Settlement
from server.store.log import StoredEntry
from server.store.seeks import GONE_MS

T = TypeVar("T")
_entry: Final = msgspec.msgpack.Decoder(StoredEntry)
_rated: Final = msgspec.msgpack.Decoder(tuple[int, RatedMatch])
_record: Final = msgspec.msgpack.Decoder(Record)
_settlement: Final = msgspec.msgpack.Decoder(Settlement)


class Kept(Struct):
    """The store as it lies; accounts are names, boards players with their numbers.

    Histories have the oldest first.
    """

    live: dict[str, tuple[StoredEntry, ...]]
    records: dict[str, tuple[StoredEntry, ...]]
    markers: dict[str, Settlement]
    accounts: dict[str, str]
    players: dict[str, Record]
    histories: dict[str, list[tuple[int, RatedMatch]]]
    played: dict[str, list[str]]
    board: list[tuple[str, int]]
    gains: dict[str, list[tuple[str, int]]]
    changes: int
    left: list[str]
    """What still holds a match or a player: after the last match, nothing."""
    at: int
    """When all was read, in ms since 1970."""


def read(valkey: Path) -> Kept:
    """Read everything; nothing may be moving any more."""
    with Redis(unix_socket_path=str(valkey)) as redis:
        return _Reader(redis).read()


def left(valkey: Path) -> list[str]:
    """What still holds a match or a player at this moment."""
    with Redis(unix_socket_path=str(valkey)) as redis:
        return _Reader(redis).left()


class _Reader:
    """A Redis whose every key is known by its name."""

    def __init__(self, redis: Any) -> None:  # noqa: ANN401 - replies are decoded here
        self._redis: Final = redis
        self._names: Final = sorted(key.decode() for key in redis.scan_iter(count=1000))

    def read(self) -> Kept:
        ladder, nobody = LadderKeys(DECK), PlayerId("")
        partitions = [PartitionKeys(n) for n in range(PARTITIONS)]
        logs, records = dict[str, list[bytes]](), dict[str, list[bytes]]()
        for keys in partitions:
            logs |= self._each(keys.log(MatchId("")), self._list)
            records |= self._each(keys.record(MatchId("")), self._list)
        markers = self._each(ladder.settled(MatchId("")), self._text)
        players = self._each(ladder.record(nobody), self._text)
        histories = self._each(ladder.history(nobody), self._list)
        played = self._each(ladder.played(nobody), self._members)
        return Kept(
            live={match: _entries(raw) for match, raw in logs.items()},
            records={match: _entries(raw) for match, raw in records.items()},
            markers={match: _settlement.decode(raw) for match, raw in markers.items()},
            accounts={
                player: (self._redis.hget(name, "name") or b"").decode()
                for player, name in self._of_players(account)
            },
            players={player: _record.decode(raw) for player, raw in players.items()},
            histories={
                player: [_rated.decode(entry) for entry in reversed(raw)]
                for player, raw in histories.items()
            },
            played=played,
            board=self._board(ladder.board),
            gains=self._each(ladder.gains(Span("", 0, 0)), self._board),
            changes=int(self._redis.get(ladder.changes) or 0),
            left=self.left(),
            at=self._now(),
        )

    def left(self) -> list[str]:
        """What still holds a match or a player."""
        return list(self._left(LadderKeys(DECK)))

    def _left(self, ladder: LadderKeys) -> Iterator[str]:
        for keys in (PartitionKeys(n) for n in range(PARTITIONS)):
            for key in (keys.due, keys.settle):
                yield from (f"{match} in {key}" for match in self._members(key))
            for process, held in self._each(keys.held(ProcessId("")), self._redis.smembers).items():
                yield from (f"{match.decode()} held by {process}" for match in held)
        yield from (f"{match.decode()} claimed" for match in self._redis.hkeys(ladder.claims))
        yield from (f"{match} in {ladder.playing}" for match in self._members(ladder.playing))
        alive = {player for pool in ("rated", "casual") for player in self._alive(ladder, pool)}
        for player, name in self._of_players(busy):
            held = self._redis.get(name) or b""
            # What holds for a seek that has lapsed is let go by whoever looks at it next.
            if held and (player in alive or not held.startswith(b"seek ")):
                yield f"{held.decode()} holds {player}"

    def _of_players(self, key: Callable[[PlayerId], str]) -> Iterator[tuple[str, str]]:
        """Every player who has such a key, with its name."""
        before, after = key(PlayerId("|")).split("|")
        for name in self._names:
            if name.startswith(before) and name.endswith(after):
                yield name.removeprefix(before).removesuffix(after), name

    def _alive(self, ladder: LadderKeys, pool: str) -> Iterator[str]:
        """Whose seek in a pool may still be paired."""
        now = self._now()
        for player, at in self._redis.zrange(ladder.beats(pool), 0, -1, withscores=True):
            if now - at <= GONE_MS and self._redis.hexists(ladder.seeks(pool), player):
                yield player.decode()

    def _now(self) -> int:
        seconds, micros = self._redis.time()
        return int(seconds) * 1000 + int(micros) // 1000

    def _each(self, prefix: str, read: Callable[[str], T]) -> dict[str, T]:
        """What `read` finds under every key that begins so, by what follows.

        A key that has run out since it was named, as the log of a settled match does, is none:
        Redis keeps nothing that is empty.
        """
        names = [name for name in self._names if name.startswith(prefix)]
        found = ((name.removeprefix(prefix), read(name)) for name in names)
        return {name: there for name, there in found if there}

    def _list(self, key: str) -> list[bytes]:
        found: list[bytes] = self._redis.lrange(key, 0, -1)
        return found

    def _text(self, key: str) -> bytes:
        found: bytes = self._redis.get(key)
        return found

    def _members(self, key: str) -> list[str]:
        return [member.decode() for member in self._redis.zrange(key, 0, -1)]

    def _board(self, key: str) -> list[tuple[str, int]]:
        """Who stands on a board, from the top, with the number that it is of."""
        rows = self._redis.zrevrange(key, 0, -1, withscores=True)
        return [(player.decode(), int(score) // BAND) for player, score in rows]


def _entries(raw: list[bytes]) -> tuple[StoredEntry, ...]:
    return tuple(_entry.decode(entry) for entry in raw)
