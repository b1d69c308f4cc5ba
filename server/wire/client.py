"""Every message that a client sends: one of the two closed unions of the wire contract.

Durations are integer milliseconds, `round` counts from 1. PROTOCOL.md shows each with
an example.
"""

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

Integer: TypeAlias = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
"""What both encodings can carry back."""
Ref: TypeAlias = str | Integer | None
Choice: TypeAlias = Annotated[int, Meta(ge=0, le=3)]
Rounds: TypeAlias = Annotated[int, Meta(ge=5, le=20)]
"""Of a casual challenge."""
LimitMs: TypeAlias = Annotated[int, Meta(ge=5_000, le=60_000)]
"""Of a round of a casual challenge."""


class ClientMap(Struct, frozen=True, gc=False, tag_field="type"):
    """What every client message may carry: a `ref` that the reply carries back."""

    ref: Ref = None


class Seek(ClientMap, frozen=True, gc=False, tag="seek", kw_only=True):
    """Look for an opponent."""

    deck: str
    rated: bool = True


class CancelSeek(ClientMap, frozen=True, gc=False, tag="cancel_seek"):
    """Stop looking."""


class Enter(ClientMap, frozen=True, gc=False, tag="enter", kw_only=True):
    """Attach to a match, as its player or else as spectator."""

    match: str


class Ready(ClientMap, frozen=True, gc=False, tag="ready", kw_only=True):
    """My page is loaded."""

    match: str


class Answer(ClientMap, frozen=True, gc=False, tag="answer", kw_only=True):
    """My only answer to this round."""

    match: str
    round: Integer
    choice: Choice


class Resign(ClientMap, frozen=True, gc=False, tag="resign", kw_only=True):
    """I give up."""

    match: str


class Leave(ClientMap, frozen=True, gc=False, tag="leave", kw_only=True):
    """Stop sending me this match's events."""

    match: str


class WatchLadder(ClientMap, frozen=True, gc=False, tag="watch_ladder", kw_only=True):
    """Send the top 10 now and whenever it changes."""

    deck: str


class UnwatchLadder(ClientMap, frozen=True, gc=False, tag="unwatch_ladder", kw_only=True):
    """Stop sending the top 10."""

    deck: str


class Ping(ClientMap, frozen=True, gc=False, tag="ping", kw_only=True):
    """Answer at once, with the same `t`."""

    t: Integer | float


class Challenge(ClientMap, frozen=True, gc=False, tag="challenge", kw_only=True):
    """Offer a match to one player, or by a link (`to` null) to whoever takes it first.

    `rounds` and `limit_ms` are for casual matches; null for the server's own.
    """

    deck: str
    to: str | None = None
    rated: bool = True
    rounds: Rounds | None = None
    limit_ms: LimitMs | None = None


class AcceptChallenge(ClientMap, frozen=True, gc=False, tag="accept_challenge", kw_only=True):
    """Play this challenge now."""

    challenge: str


class DeclineChallenge(ClientMap, frozen=True, gc=False, tag="decline_challenge", kw_only=True):
    """Turn down a challenge to me."""

    challenge: str


class WithdrawChallenge(ClientMap, frozen=True, gc=False, tag="withdraw_challenge", kw_only=True):
    """Take my own challenge back."""

    challenge: str


class Rematch(ClientMap, frozen=True, gc=False, tag="rematch", kw_only=True):
    """Offer the opponent of a finished match another one, or accept his offer of that."""

    match: str


class WatchChallenge(ClientMap, frozen=True, gc=False, tag="watch_challenge", kw_only=True):
    """Send this challenge now and whenever it changes."""

    challenge: str


class UnwatchChallenge(ClientMap, frozen=True, gc=False, tag="unwatch_challenge", kw_only=True):
    """Stop sending this challenge."""

    challenge: str


class WatchLobby(ClientMap, frozen=True, gc=False, tag="watch_lobby", kw_only=True):
    """Send who is online and what is being played, now and whenever it changes."""

    deck: str


class UnwatchLobby(ClientMap, frozen=True, gc=False, tag="unwatch_lobby", kw_only=True):
    """Stop sending the lobby."""

    deck: str


class WatchPlayer(ClientMap, frozen=True, gc=False, tag="watch_player", kw_only=True):
    """Send whether this player is here, now and whenever it changes."""

    player: str


class UnwatchPlayer(ClientMap, frozen=True, gc=False, tag="unwatch_player", kw_only=True):
    """Stop sending whether this player is here."""

    player: str


ClientMessage: TypeAlias = (
    Seek
    | CancelSeek
    | Enter
    | Ready
    | Answer
    | Resign
    | Leave
    | WatchLadder
    | UnwatchLadder
    | Ping
    | Challenge
    | AcceptChallenge
    | DeclineChallenge
    | WithdrawChallenge
    | Rematch
    | WatchChallenge
    | UnwatchChallenge
    | WatchLobby
    | UnwatchLobby
    | WatchPlayer
    | UnwatchPlayer
)
