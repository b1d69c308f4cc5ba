"""What processes tell one another through their inboxes. Any of it may be lost."""

from typing import Final, TypeAlias

import msgspec
from msgspec import Struct

from server.core.ids import BySeat, MatchId, PlayerId, ProcessId
from server.store.keys import PartitionKeys
from server.store.link import Link
from server.store.log import StoredEntry, head_of
from server.store.scripts import Script


class Heard(Struct, frozen=True, gc=False, array_like=True, tag=0):
    """What another process appended: the entry at an index of a log, and the nonce before it."""

    match: MatchId
    index: int
    before: str
    stored: StoredEntry

    def is_old(self, length: int, last: bytes) -> bool:
        """Whether it lies within a log of this length, whose last entry begins so."""
        return self.index < length - 1 or (self.index == length - 1 and self.stored.head == last)

    def follows(self, length: int, last: bytes) -> bool:
        """Whether it is the next entry of a log of this length, whose last one begins so."""
        return self.index == length and head_of(self.before) == last


class Begun(Struct, frozen=True, gc=False, array_like=True, tag=1):
    """A match that has begun, and its players, wherever they are."""

    match: MatchId
    players: BySeat[PlayerId]


class ChallengeMoved(Struct, frozen=True, gc=False, array_like=True, tag=2):
    """A challenge that is not what it was, and whom it concerns."""

    challenge: str
    players: tuple[PlayerId, ...]


ANNOUNCED: Final = 0
"""The partition in whose inbox each process hears what is said to all."""

Mail: TypeAlias = Heard | Begun | ChallengeMoved

_decoder: Final[msgspec.msgpack.Decoder[Mail]] = msgspec.msgpack.Decoder(Mail)
_encode: Final = msgspec.msgpack.Encoder().encode


def read_mail(payload: bytes) -> Mail | None:
    """What a message in the inbox says; None for what only another version understands."""
    try:
        return _decoder.decode(payload)
    except msgspec.DecodeError:
        return None


def written(mail: Mail) -> bytes:
    """A message as it goes into an inbox."""
    return _encode(mail)


class Post:
    """What one process tells all others."""

    def __init__(self, link: Link, process: ProcessId) -> None:
        self._process: Final = process
        self._announce: Final = Script(link, "announce")

    async def announce(self, mail: Mail) -> None:
        """Tell every process that beats but this one.

        Raises:
            Unavailable: who has heard of it is unknown.
        """
        keys = PartitionKeys(ANNOUNCED)
        await self._announce([keys.processes], self._process, keys.inboxes, written(mail))
