"""What bots were told of matches, kept frame by frame as it came, and who they are."""

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
    | wire.Done
    | wire.ChallengeChanged
)
"""What a log answers for, the last two where they are replies to a command with a ref."""
_decoder: Final = msgspec.msgpack.Decoder(OfMatch)


def ref_of(command: str, about: str) -> str:
    """The ref of a command about a match or a challenge, of which its reply tells."""
    return f"{command} {about}"


def acknowledged(message: wire.ServerMessage) -> str | None:
    """Which command a bot hears that it is carried out; answers have messages of their own."""
    match message:
        case wire.Done(ref=str(ref)) | wire.ChallengeChanged(ref=str(ref), state="accepted"):
            return ref.partition(" ")[0]
        case _:
            return None


def match_of(message: wire.ServerMessage) -> MatchId | None:
    """Of which match it tells what the log answers for; None for none."""
    match message:
        case wire.Done(ref=str(ref)):
            return MatchId(ref.partition(" ")[2])
        case wire.ChallengeChanged(ref=str(), state="accepted"):
            return MatchId(message.match or "")
        case wire.Done() | wire.ChallengeChanged():
            return None
        case _:
            return MatchId(message.match) if isinstance(message, OfMatch) else None


class SignedUp(Struct, frozen=True, array_like=True, tag=True):
    """One 201: who somebody is, and what he is called."""

    player: PlayerId
    name: str


class Told(Struct, frozen=True, array_like=True, tag=True):
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

    def note(self, heard: Told | SignedUp) -> None:
        """Write one down."""
        self._file.write(msgspec.msgpack.encode(heard))

    def close(self) -> None:
        """Have everything in the file."""
        self._file.close()


class Heard(Struct):
    """What was told of each match, the frames of one socket in their order; and who signed up."""

    of: dict[MatchId, list[Told]]
    players: dict[PlayerId, str]


def read(paths: Iterable[Path]) -> Heard:
    """All that is written in some notebooks."""
    heard = Heard({}, {})
    for path in paths:
        with path.open("rb") as file:
            for raw in msgpack.Unpacker(file, max_buffer_size=0):
                match msgspec.convert(raw, Told | SignedUp):
                    case SignedUp(player, name):
                        heard.players[player] = name
                    case told:
                        heard.of.setdefault(told.match, []).append(told)
    return heard
