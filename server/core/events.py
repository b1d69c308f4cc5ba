"""What can have happened in a match: the entries of its log.

Every event gets its instant from the log entry that holds it (match time,
milliseconds), so none carries a clock of its own. The class names are the tags
under which events are stored: renaming one needs a new rules version.
"""

from typing import Final, TypeAlias

from msgspec import Struct

from server.core.deal import DealtCard
from server.core.elo import RatingChange, Standing
from server.core.fairness import Unrated
from server.core.ids import BySeat, MatchId, PlayerId, ProcessId, Seat
from server.core.outcome import Outcome, Why

RULES_VERSION: Final = 1


class Limits(Struct, frozen=True, gc=False, array_like=True):
    """The numbers one match is played by; durations in milliseconds."""

    rounds: int = 10
    round_ms: int = 15_000
    reveal_ms: int = 3_000
    countdown_ms: int = 3_000
    ready_ms: int = 10_000
    forfeit_ms: int = 30_000


class Player(Struct, frozen=True, gc=False):
    """A player as seated: name and standing at the time of the pairing.

    A practice opponent is a bot whose standing is the strength it plays at; it sits in
    any number of matches at once.
    """

    id: PlayerId
    name: str
    standing: Standing
    bot: bool = False
    practice: bool = False


class Sought(Struct, frozen=True, gc=False):
    """The seeks a match was made of: for whoever goes back to the front of the queue.

    `since` by seat, Redis ms.
    """

    rated: bool
    since: BySeat[int]


class MatchCreated(Struct, frozen=True, gc=False, tag=True):
    """Event 0: pins everything that a fold needs."""

    match: MatchId
    deck: str
    title: str
    players: BySeat[Player]
    deal: tuple[DealtCard, ...]
    limits: Limits
    unrated_because: Unrated | None = None
    k_share: float = 1
    sought: Sought | None = None
    rules: int = RULES_VERSION

    @property
    def rated(self) -> bool:
        """Whether this match moves ratings."""
        return self.unrated_because is None


class SeatTold(Struct, frozen=True, gc=False, tag=True):
    """The pairing was written to a socket of this seat's player."""

    seat: Seat


class SeatConnected(Struct, frozen=True, gc=False, tag=True):
    """A socket of this seat's player entered the match, at `process`."""

    seat: Seat
    process: ProcessId


class SeatDisconnected(Struct, frozen=True, gc=False, tag=True):
    """The last socket of this seat has been gone for `away_ms` already."""

    seat: Seat
    away_ms: int


class SeatReady(Struct, frozen=True, gc=False, tag=True):
    """This seat's page is loaded."""

    seat: Seat


class CountdownStarted(Struct, frozen=True, gc=False, tag=True):
    """Both came; 3-2-1 runs."""


class RoundOpened(Struct, frozen=True, gc=False, tag=True):
    """The card of this round (from 1) is shown to both."""

    round: int


class AnswerTaken(Struct, frozen=True, gc=False, tag=True):
    """A seat's only answer to the open round.

    `elapsed_ms` is the credited time (what is scored), `credit_ms` what had been
    taken off the measured one for the network.
    """

    round: int
    seat: Seat
    choice: int
    elapsed_ms: int
    credit_ms: int


class RoundClosed(Struct, frozen=True, gc=False, tag=True):
    """No more answers to this round; its right choice may be shown."""

    round: int


class MatchEnded(Struct, frozen=True, gc=False, tag=True):
    """The match is decided. `charged` are the seats that left too early."""

    outcome: Outcome
    why: Why
    charged: tuple[Seat, ...] = ()


class Ending(Struct, frozen=True, gc=False, array_like=True):
    """How a match ended, and both totals."""

    ended: MatchEnded
    totals: BySeat[int]


class Settled(Struct, frozen=True, gc=False, tag=True):
    """The result is stored; `ratings` by seat, None when the match was unrated.

    `instead` is how the match had ended when it was settled, where this log ends in another
    way: a failover has lost that end, and not the settlement. It stands, whatever is above.
    """

    ratings: BySeat[RatingChange] | None
    settled_at_ms: int
    """Wall-clock time of the settlement, milliseconds since 1970, by Redis."""
    instead: Ending | None = None


Event: TypeAlias = (
    MatchCreated
    | SeatTold
    | SeatConnected
    | SeatDisconnected
    | SeatReady
    | CountdownStarted
    | RoundOpened
    | AnswerTaken
    | RoundClosed
    | MatchEnded
    | Settled
)
