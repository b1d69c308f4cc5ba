"""The logs of matches: read, attach, create, append, and a sweeper's beat."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import count
from typing import Final

import msgspec
from msgspec import Struct

from server.core.events import Event
from server.core.ids import MatchId, ProcessId
from server.core.match import Entry
from server.store.keys import (
    LOG_LIFE_MS,
    SETTLED_LOG_LIFE_MS,
    PartitionKeys,
    partition_of,
)
from server.store.link import Argument, Link, Reply
from server.store.scripts import Script

PROCESS_GONE_MS: Final = 5_000
STAMP_LAG_MS: Final = 50
OVERDUE_MS: Final = 2_000
MOST_WORK: Final = 64

_ARRAY_OF_THREE: Final = b"\x93"
_encode: Final = msgspec.msgpack.Encoder().encode


class StoredEntry(Struct, frozen=True, gc=False, array_like=True):
    """An entry as Redis holds it: MessagePack [nonce, match time, events]."""

    nonce: str
    at: int
    events: tuple[Event, ...]

    @property
    def entry(self) -> Entry:
        """What the rules fold."""
        return self.at, self.events

    @property
    def head(self) -> bytes:
        """The bytes this entry begins with: what an append compares."""
        return head_of(self.nonce)


_decoder: Final = msgspec.msgpack.Decoder(StoredEntry)


class Mark(StrEnum):
    """What an entry means to the sets around the log."""

    NONE = ""
    HOLD = "hold"
    """The calling process holds a seat of this match from now on."""
    ENDED = "ended"
    SETTLED = "settled"


class Won(Struct, frozen=True, gc=False):
    """The entry is in the log, under the instant `stamp`; match time is `at`."""

    at: int
    stamp: int


class Early(Struct, frozen=True, gc=False):
    """A deadline in the entry has not passed: match time is only `at`."""

    at: int


class Lost(Struct, frozen=True, gc=False):
    """Another entry was quicker: the log goes on differently from index `start`."""

    at: int
    start: int
    entries: tuple[StoredEntry, ...]


class Work(Struct, frozen=True, gc=False):
    """What a beat found overdue in one partition, and whether the process was `known` there.

    Match time is `at`, and has stood still for `paused_ms` in all.
    """

    at: int
    paused_ms: int
    gone: tuple[ProcessId, ...]
    due: tuple[MatchId, ...]
    unsettled: tuple[MatchId, ...]
    known: bool


def head_of(nonce: str) -> bytes:
    """The first bytes of the entry with this nonce."""
    return _ARRAY_OF_THREE + _encode(nonce)


class MatchLogs:
    """Every match's log, on one link; `partitions` is fixed per installation."""

    def __init__(self, link: Link, partitions: int, process: ProcessId) -> None:
        self._link: Final = link
        self._process: Final = process
        self._count: Final = count(1)
        self.partitions: Final = tuple(PartitionKeys(n) for n in range(partitions))
        self._attach: Final = Script(link, "attach")
        self._create: Final = Script(link, "create")
        self._append: Final = Script(link, "append")
        self._beat: Final = Script(link, "beat")
        self._hold_again: Final = Script(link, "hold_again")

    def keys(self, match: MatchId) -> PartitionKeys:
        """The keys beside a match's log."""
        return self.partitions[partition_of(match, len(self.partitions))]

    def new_nonce(self) -> str:
        """A nonce for one entry: this process, whose name is random, and a count."""
        return f"{self._process}.{next(self._count)}"

    async def read(self, match: MatchId) -> tuple[int, tuple[StoredEntry, ...]]:
        """Match time and all entries of a match, live or settled; none: no such match."""
        return await self._read(match, 0, "")

    async def exists(self, match: MatchId) -> bool:
        """Whether there is such a match, live or settled."""
        keys = self.keys(match)
        return bool(await self._link.call("EXISTS", keys.log(match), keys.record(match)))

    async def attach(self, match: MatchId, start: int = 0) -> tuple[int, tuple[StoredEntry, ...]]:
        """The same from index `start` on; and the inbox hears of every entry that others append."""
        return await self._read(match, start, self._process)

    async def _read(
        self, match: MatchId, start: int, follower: str
    ) -> tuple[int, tuple[StoredEntry, ...]]:
        keys = self.keys(match)
        at, raw = await self._attach(
            [keys.clock, keys.log(match), keys.record(match), keys.followers(match)],
            start,
            follower,
        )
        return int(at), _entries(raw)

    async def create(
        self,
        match: MatchId,
        nonce: str,
        events: tuple[Event, ...],
        first_due_ms: int,
        news: bytes = b"",
    ) -> tuple[bool, int]:
        """Begin a match's log, and attach to it; whether this call did it, and match time.

        The inboxes of all other processes get the `news`, if there is any.
        """
        keys = self.keys(match)
        created, at = await self._create(
            [
                keys.clock,
                keys.log(match),
                keys.record(match),
                keys.due,
                keys.followers(match),
                keys.processes,
            ],
            match,
            head_of(nonce),
            _encode(events),
            first_due_ms,
            LOG_LIFE_MS,
            self._process,
            keys.inboxes,
            news,
        )
        return bool(created), int(at)

    async def append(
        self,
        match: MatchId,
        *,
        length: int,
        last: bytes,
        head: bytes,
        events: tuple[Event, ...],
        decided_at: int = 0,
        not_before: int,
        due: int | None,
        mark: Mark,
    ) -> Won | Early | Lost:
        """Append one entry if the log has `length` entries and its last begins with `last`.

        Its instant is `decided_at` unless Redis is further on by over `STAMP_LAG_MS`:
        then the caller must fold again what it folded to decide. `due` is None where it stays.

        Raises:
            Unavailable: whether the entry is in the log is unknown; the same call again,
                or `attach`, tells by its nonce.
        """
        keys = self.keys(match)
        around, more = self._around(keys, match, mark) if mark else ((), ())
        reply = await self._append(
            (keys.clock, keys.log(match), keys.due, keys.followers(match), *around),
            match,
            length,
            last,
            head,
            _encode(events),
            not_before,
            "" if due is None else due,
            decided_at,
            STAMP_LAG_MS,
            self._process,
            keys.inboxes,
            mark,
            *more,
        )
        match reply[0]:
            case b"won":
                return Won(int(reply[1]), int(reply[2]))
            case b"early":
                return Early(int(reply[1]))
            case _:
                return Lost(int(reply[1]), int(reply[2]), _entries(reply[3:]))

    def _around(
        self, keys: PartitionKeys, match: MatchId, mark: Mark
    ) -> tuple[tuple[str, ...], tuple[Argument, ...]]:
        """What `append` touches only at a mark, and what it must know of that."""
        around = keys.settle, keys.record(match), keys.held(self._process)
        return around, (SETTLED_LOG_LIFE_MS, keys.held_sets) if mark is Mark.SETTLED else ()

    async def unfollow(self, match: MatchId) -> None:
        """Hear of a match no more, in which this process holds no seat; in the order of calls."""
        keys = self.keys(match)
        held = self._link.call("SREM", keys.held(self._process), match)
        await self._link.call("SREM", keys.followers(match), self._process)
        await held

    async def beat(self, keys: PartitionKeys) -> Work:
        """Show life in one partition, and take what is overdue there."""
        at, paused_ms, gone, due, unsettled, known = await self._beat(
            [keys.clock, keys.due, keys.settle, keys.processes],
            self._process,
            PROCESS_GONE_MS,
            OVERDUE_MS,
            MOST_WORK,
        )
        return Work(
            int(at),
            int(paused_ms),
            tuple(ProcessId(process.decode()) for process in gone),
            _matches(due),
            _matches(unsettled),
            bool(known),
        )

    async def held_by(self, keys: PartitionKeys, process: ProcessId) -> tuple[MatchId, ...]:
        """The matches of one partition in which a process had reported a seat."""
        return _matches(await self._link.call("SMEMBERS", keys.held(process)))

    async def forget(self, keys: PartitionKeys, process: ProcessId) -> None:
        """Strike a process that has gone, once its matches know.

        Last of all from the processes: one that lives after all finds there what it lost.
        """
        dropped = self._link.call("DEL", keys.held(process))
        await self._link.call("ZREM", keys.processes, process)
        await dropped

    async def hold_again(self, keys: PartitionKeys, matches: Sequence[MatchId]) -> None:
        """Say again which seats this process holds: while it stood still it was taken for dead.

        A match that was settled meanwhile is left out.
        """
        if matches:
            records = [keys.record(match) for match in matches]
            await self._hold_again([keys.held(self._process), *records], *matches)

    async def drop_work(self, match: MatchId) -> None:
        """Take a match with which nothing is to be done off the lists of work."""
        keys = self.keys(match)
        due = self._link.call("ZREM", keys.due, match)
        await self._link.call("ZREM", keys.settle, match)
        await due


def _entries(raw: Reply) -> tuple[StoredEntry, ...]:
    return tuple(_decoder.decode(entry) for entry in raw)


def _matches(raw: Reply) -> tuple[MatchId, ...]:
    return tuple(MatchId(match.decode()) for match in raw)
