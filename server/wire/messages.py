"""Every message that the server sends: one of the two closed unions of the wire contract.

Durations are integer milliseconds, `seat` is 0 or 1, what is by seat is an array of
two, `round` counts from 1. PROTOCOL.md shows each with an example.
"""

from typing import TypeAlias

from msgspec import UNSET, Struct, UnsetType

from server.core.elo import RatingChange, Stake
from server.core.ids import BySeat, Seat
from server.wire.client import Integer, Ref

PROTOCOL_VERSION = 1


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


class StorageMessage(ServerMap, frozen=True, gc=False, tag="storage"):
    """Whether the server reaches its storage: to every socket when that changes."""

    available: bool


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
    | StorageMessage
)
