"""What bots were told of matches, kept frame by frame as it came."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final, TypeAlias

import msgpack
import msgspec
from msgspec import Struct

from server.core.ids import MatchId, PlayerId
from server.wire import messages as wire

OfMatch: TypeAlias = (
    wire.Paired
    | wire.MatchView
    | wire.RoundOpened
    | wire.AnswerTaken
    | wire.RoundClosed
    | wire.MatchOver
)
"""What a log answers for."""
_decoder: Final = msgspec.msgpack.Decoder(OfMatch)


class Told(Struct, frozen=True, array_like=True):
    """One frame: to whom, on which of his sockets (counted from 1), of which match."""

    player: PlayerId
    socket: int
    match: MatchId
    frame: bytes

    @property
    def message(self) -> OfMatch:
        """What it says."""
        return _decoder.decode(self.frame)


class Notebook:
    """The file in which a process of bots writes down what they are told."""

    def __init__(self, path: Path) -> None:
        self._file: Final = path.open("wb")

    def note(self, told: Told) -> None:
        """Write one frame down."""
        self._file.write(msgspec.msgpack.encode(told))

    def close(self) -> None:
        """Have everything in the file."""
        self._file.close()


def read(paths: Iterable[Path]) -> dict[MatchId, list[Told]]:
    """What was told of each match; the frames of one socket in their order."""
    by_match: dict[MatchId, list[Told]] = {}
    for path in paths:
        with path.open("rb") as file:
            for noted in msgpack.Unpacker(file, max_buffer_size=0):
                told = Told(*noted)
                by_match.setdefault(told.match, []).append(told)
    return by_match
