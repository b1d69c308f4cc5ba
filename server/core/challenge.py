"""The rules of a challenge: an offer to one player, or by a link to whoever takes it first."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from server.core.elo import Stake, stake
from server.core.events import Limits, MatchCreated, Player
from server.core.fairness import Unrated
from server.core.ids import BySeat, MatchId, PlayerId
from server.core.refusal import Reason, Refused

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What a code is made of: nothing that is mistaken for another when it is read out."""
CODE_LENGTH: Final = 6
_IGNORED: Final = str.maketrans("", "", " -\u2010\u2011\u2013\u00a0")
MOST_OPEN: Final = 5
"""Challenges of one kind that one player may have open."""
OFFERS_AN_HOUR: Final = 200
"""What one player may offer; nobody comes near it who waits for an answer."""
KEPT_MS: Final = 7 * 24 * 3600 * 1000
"""After its end a challenge says for so long what became of it."""


class Kind(StrEnum):
    """How a challenge is offered; the words of the wire contract."""

    LINK = "link"
    DIRECT = "direct"
    REMATCH = "rematch"


LIFE_MS: Final = {Kind.LINK: 24 * 3600 * 1000, Kind.DIRECT: 60_000, Kind.REMATCH: 30_000}


class State(StrEnum):
    """What became of a challenge; the words of the wire contract."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Offer(Struct, frozen=True):
    """What is offered, for good.

    `by` sits in seat 0 unless `swapped`; `to` is None for a link.
    """

    kind: Kind
    deck: str
    by: PlayerId
    to: PlayerId | None
    rated: bool
    limits: Limits
    rematch_of: MatchId | None = None
    swapped: bool = False


class Challenge(Struct, frozen=True):
    """An offer and what became of it, as of `now`; instants in Redis ms.

    `to` is who took it, or to whom it is offered.
    """

    code: str
    offer: Offer
    state: State
    to: PlayerId | None
    match: MatchId | None
    expires_at: int
    now: int

    @property
    def expires_in_ms(self) -> int:
        """What is left of it; 0 once it is not open."""
        return max(0, self.expires_at - self.now) if self.state is State.OPEN else 0

    @property
    def players(self) -> tuple[PlayerId, ...]:
        """Whom it concerns."""
        return (self.offer.by,) if self.to is None else (self.offer.by, self.to)


def parse_code(text: str) -> str | None:
    """A code as it was typed or read out; None where it can be none."""
    code = text.translate(_IGNORED).upper()
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None


def state_at(stored: State, expires_at: int, now: int) -> State:
    """The state at an instant: an open challenge expires by itself."""
    return State.EXPIRED if stored is State.OPEN and now >= expires_at else stored


def limits_for(
    standard: Limits, *, rated: bool, rounds: int | None, limit_ms: int | None
) -> Limits:
    """The limits of a challenged match: a casual one may set its own.

    Raises:
        Refused: a rated match is played by the server's.
    """
    if rated and (rounds is not None or limit_ms is not None):
        detail = "Rated matches have fixed rounds and seconds: make it casual to set them."
        raise Refused(Reason.RATED_LIMITS, detail)
    return replace(
        standard,
        rounds=standard.rounds if rounds is None else rounds,
        round_ms=standard.round_ms if limit_ms is None else limit_ms,
    )


def rematch_of(created: MatchCreated, by: PlayerId) -> Offer:
    """Another match as this one was sought, by its limits, with the seats swapped.

    Raises:
        Refused: `by` did not play in it.
    """
    one, two = (player.id for player in created.players)
    if by not in (one, two):
        raise Refused(Reason.NOT_YOUR_MATCH, "Only its two players can have a rematch.")
    return Offer(
        kind=Kind.REMATCH,
        deck=created.deck,
        by=by,
        to=two if by == one else one,
        rated=_was_sought_rated(created),
        limits=created.limits,
        rematch_of=created.match,
        swapped=by == one,
    )


def _was_sought_rated(created: MatchCreated) -> bool:
    if any(player.practice for player in created.players):
        return False
    if created.sought is not None:
        return created.sought.rated
    return created.unrated_because in {None, Unrated.GAP, Unrated.PAIR_LIMIT}


def seats_of(offer: Offer, taker: PlayerId) -> BySeat[PlayerId]:
    """Who sits where in the match of a challenge that `taker` takes."""
    return (taker, offer.by) if offer.swapped else (offer.by, taker)


def is_taken_by(challenge: Challenge, player: PlayerId) -> bool:
    """Whether this player has taken it already: to accept it again changes nothing."""
    return challenge.state is State.ACCEPTED and challenge.to == player


def check_accept(challenge: Challenge, player: PlayerId) -> None:
    """Whether `player` may take a challenge.

    Raises:
        Refused: it is one's own, to somebody else, or over.
    """
    if player == challenge.offer.by:
        raise Refused(Reason.OWN_CHALLENGE, "This is your own challenge: somebody else takes it.")
    _check_to(challenge, player)
    _check_open(challenge)


def check_decline(challenge: Challenge, player: PlayerId) -> None:
    """Whether `player` may turn a challenge down.

    Raises:
        Refused: it is one's own, not to this player, or over.
    """
    if player == challenge.offer.by:
        raise Refused(Reason.OWN_CHALLENGE, "This is your own challenge: take it back instead.")
    if challenge.offer.to is None:
        detail = "A link is to everybody: leave it to somebody else."
        raise Refused(Reason.NOT_YOUR_CHALLENGE, detail)
    _check_to(challenge, player)
    _check_open(challenge)


def check_withdraw(challenge: Challenge, player: PlayerId) -> None:
    """Whether `player` may take a challenge back.

    Raises:
        Refused: somebody else offered it, or it is over.
    """
    if player != challenge.offer.by:
        raise Refused(Reason.NOT_YOUR_CHALLENGE, "Only who offered a challenge takes it back.")
    _check_open(challenge)


def _check_to(challenge: Challenge, player: PlayerId) -> None:
    if challenge.offer.to not in {None, player}:
        raise Refused(Reason.NOT_YOUR_CHALLENGE, "This challenge is to somebody else.")


def _check_open(challenge: Challenge) -> None:
    if challenge.state is not State.OPEN:
        raise Refused(Reason.CHALLENGE_OVER, _OVER[challenge.state])


_OVER: Final = {
    State.ACCEPTED: "Somebody has taken this challenge already: make one of your own.",
    State.DECLINED: "This challenge was declined: look for another opponent.",
    State.WITHDRAWN: "This challenge was taken back: make one of your own.",
    State.EXPIRED: "This challenge has expired: make a new one.",
}


def stake_for(
    viewer: PlayerId | None,
    players: Sequence[Player],
    *,
    share: float,
    unrated: Unrated | None,
) -> Stake | None:
    """What a challenge would change for who looks at it; None unless he is one of its two."""
    own = next((player for player in players if player.id == viewer), None)
    other = next((player for player in players if player.id != viewer), None)
    if own is None or other is None or unrated is not None:
        return None
    return stake(own.standing, other.standing.rating, share)
