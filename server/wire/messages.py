"""Every message of the socket, both ways: the closed unions of the wire contract.

Durations are integer milliseconds, `seat` is 0 or 1, what is by seat is an array of
two, `round` counts from 1. PROTOCOL.md shows each with an example.
"""

from typing import Annotated, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from server.core.elo import RatingChange, Stake
from server.core.ids import BySeat, Seat

PROTOCOL_VERSION = 1

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


class PlayerName(Struct, frozen=True, gc=False):
    """Who is signed in."""

    id: str
    name: str


class SeekState(Struct, frozen=True, gc=False):
    """A seek that still stands."""

    deck: str
    rated: bool
    waited_ms: int


class Opponent(Struct, frozen=True, gc=False):
    """Who sits across, or offers a match; a practice opponent is a bot, too."""

    id: str
    name: str
    rating: int
    provisional: bool
    bot: bool
    practice: bool


class SeatView(Struct, frozen=True, gc=False):
    """One seat in a snapshot; `forfeit_in_ms` is null while connected."""

    player: str
    name: str
    rating: int
    provisional: bool
    bot: bool
    practice: bool
    total: int
    ready: bool
    connected: bool
    answered: bool
    forfeit_in_ms: int | None


class AnswerView(Struct, frozen=True, gc=False):
    """An answer once its round is closed."""

    choice: int
    elapsed_ms: int
    points: int


class LadderRow(Struct, frozen=True, gc=False):
    """One row of a leaderboard; `change` is that of the last rated match."""

    rank: int
    player: str
    name: str
    rating: int
    provisional: bool
    matches: int
    change: int


class ServerMap(Struct, frozen=True, gc=False, tag_field="type", kw_only=True):
    """What the server sends; a direct reply carries the client's `ref` back."""

    ref: str | int | UnsetType = UNSET


class Welcome(ServerMap, frozen=True, gc=False, tag="welcome"):
    """The first message on every socket."""

    player: PlayerName | None
    server_time_ms: int
    version: int
    live_match: str | None
    live_matches: tuple[str, ...]
    seeking: SeekState | None


class Seeking(ServerMap, frozen=True, gc=False, tag="seeking"):
    """The seek stands; `waiting` counts the players in this pool."""

    deck: str
    rated: bool
    waiting: int
    waited_ms: int


class SeekCancelled(ServerMap, frozen=True, gc=False, tag="seek_cancelled"):
    """The seek no longer stands."""


class Paired(ServerMap, frozen=True, gc=False, tag="paired"):
    """A match was made; to every socket of the player."""

    match: str
    deck: str
    title: str
    rated: bool
    seat: Seat
    rating: int
    provisional: bool
    opponent: Opponent
    stake: Stake | None
    k_share: float
    unrated_because: str | None
    ready_in_ms: int


class Done(ServerMap, frozen=True, gc=False, tag="done"):
    """The command with this `ref` is carried out."""


class ClosedRound(Struct, frozen=True, gc=False, tag="round_closed", tag_field="type"):
    """A finished round in a snapshot: its `round_closed` with what was asked."""

    match: str
    round: int
    correct: int
    answers: BySeat[AnswerView | None]
    totals: BySeat[int]
    next_in_ms: int | None
    prompt: str
    choices: tuple[str, str, str, str]
    card: str


class MatchOver(ServerMap, frozen=True, gc=False, tag="match_over"):
    """The result, stored.

    `provisional_after` says by seat whether the new rating still carries its question mark.
    After a match against a practice opponent, `resembles` is the rating that such a
    result speaks for; else null.
    """

    match: str
    outcome: str
    reason: str
    totals: BySeat[int]
    ratings: BySeat[RatingChange] | None
    provisional_after: BySeat[bool] | None
    resembles: int | None


class MatchView(ServerMap, frozen=True, gc=False, tag="match"):
    """A full snapshot; replaces whatever the client knew of the match."""

    match: str
    deck: str
    title: str
    rated: bool
    unrated_because: str | None
    k_share: float
    stake: Stake | None
    seat: Seat | None
    phase: str
    rounds: int
    round: int
    limit_ms: int
    left_ms: int
    prompt: str | None
    choices: tuple[str, str, str, str] | None
    seats: BySeat[SeatView]
    my_choice: int | None
    closed: tuple[ClosedRound, ...]
    result: MatchOver | None
    watchers: int


class SeatChanged(ServerMap, frozen=True, gc=False, tag="seat_changed"):
    """A seat came, went or is ready."""

    match: str
    seat: Seat
    ready: bool
    connected: bool
    forfeit_in_ms: int | None


class CountdownStarted(ServerMap, frozen=True, gc=False, tag="countdown_started"):
    """Both came; round 1 opens in `opens_in_ms`."""

    match: str
    opens_in_ms: int


class RoundOpened(ServerMap, frozen=True, gc=False, tag="round_opened"):
    """The question, to both at once."""

    match: str
    round: int
    rounds: int
    prompt: str
    choices: tuple[str, str, str, str]
    limit_ms: int
    left_ms: int


class AnswerTaken(ServerMap, frozen=True, gc=False, tag="answer_taken"):
    """Who has answered; to the player's own sockets also what, and in which time."""

    match: str
    round: int
    seat: Seat
    choice: int | UnsetType = UNSET
    elapsed_ms: int | UnsetType = UNSET


class RoundClosed(ServerMap, frozen=True, gc=False, tag="round_closed"):
    """The right choice, both answers and the score."""

    match: str
    round: int
    correct: int
    answers: BySeat[AnswerView | None]
    totals: BySeat[int]
    next_in_ms: int | None


class Ladder(ServerMap, frozen=True, gc=False, tag="ladder"):
    """The top 10 of a deck."""

    deck: str
    top: tuple[LadderRow, ...]


class RefusedMessage(Struct, frozen=True, gc=False, tag="refused", tag_field="type", kw_only=True):
    """The rules say no; the connection lives."""

    reason: str
    detail: str
    ref: Ref = None
    choice: int | UnsetType = UNSET
    retry_in_ms: int | UnsetType = UNSET
    match: str | UnsetType = UNSET


class Pong(ServerMap, frozen=True, gc=False, tag="pong"):
    """The reply to `ping`."""

    t: Integer | float


class ChallengeChanged(ServerMap, frozen=True, gc=False, tag="challenge_changed"):
    """A challenge as it stands, with what is at stake for whom it is sent to.

    `by` is who offers, `to` whom (null for a link that nobody has taken). `expires_in_ms`
    is 0 once it is no longer open; `match` is what came of it.
    """

    challenge: str
    kind: str
    deck: str
    title: str
    rated: bool
    rounds: int
    limit_ms: int
    by: Opponent
    to: Opponent | None
    state: str
    expires_in_ms: int
    here: bool
    stake: Stake | None
    k_share: float
    unrated_because: str | None
    match: str | None
    rematch_of: str | None


class LobbyPlayer(Struct, frozen=True, gc=False):
    """Somebody who is here; `playing` is the match he is in."""

    id: str
    name: str
    rating: int
    provisional: bool
    bot: bool
    playing: str | None


class LobbyMatch(Struct, frozen=True, gc=False):
    """A live match that may be watched."""

    match: str
    rated: bool
    round: int
    rounds: int
    totals: BySeat[int]
    watchers: int
    players: BySeat[Opponent]


class Lobby(ServerMap, frozen=True, gc=False, tag="lobby"):
    """Who is here, and what is being played of a deck; `online` counts all who are here."""

    deck: str
    online: int
    players: tuple[LobbyPlayer, ...]
    matches: tuple[LobbyMatch, ...]


class PresenceMessage(ServerMap, frozen=True, gc=False, tag="presence"):
    """Whether a player is here, and the match he is in."""

    player: str
    online: bool
    playing: str | None


class Watchers(ServerMap, frozen=True, gc=False, tag="watchers"):
    """How many watch a match who do not play in it."""

    match: str
    watchers: int


ServerMessage: TypeAlias = (
    Welcome
    | Seeking
    | SeekCancelled
    | Paired
    | Done
    | MatchView
    | SeatChanged
    | CountdownStarted
    | RoundOpened
    | AnswerTaken
    | RoundClosed
    | MatchOver
    | Ladder
    | RefusedMessage
    | Pong
    | ChallengeChanged
    | Lobby
    | PresenceMessage
    | Watchers
)
