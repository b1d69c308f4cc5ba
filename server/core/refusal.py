"""What the rules say no to: a legal message that this moment does not allow."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a message was refused; the words of the wire contract."""

    MALFORMED = "malformed"
    UNKNOWN_TYPE = "unknown_type"
    NOT_SIGNED_IN = "not_signed_in"
    NO_SUCH_DECK = "no_such_deck"
    NO_SUCH_MATCH = "no_such_match"
    ALREADY_SEEKING = "already_seeking"
    ALREADY_IN_MATCH = "already_in_match"
    NOT_YOUR_MATCH = "not_your_match"
    NOT_OPEN = "not_open"
    ALREADY_ANSWERED = "already_answered"
    OVER = "over"
    TOO_FAST = "too_fast"
    COOLING_DOWN = "cooling_down"
    UNAVAILABLE = "unavailable"
    NO_SUCH_CHALLENGE = "no_such_challenge"
    NO_SUCH_PLAYER = "no_such_player"
    OWN_CHALLENGE = "own_challenge"
    NOT_YOUR_CHALLENGE = "not_your_challenge"
    CHALLENGE_OVER = "challenge_over"
    NOT_ONLINE = "not_online"
    OPPONENT_BUSY = "opponent_busy"
    NOT_ACCEPTING = "not_accepting"
    TOO_MANY_CHALLENGES = "too_many_challenges"
    RATED_LIMITS = "rated_limits"
    NOT_OVER = "not_over"


class Refused(Exception):  # noqa: N818 - a refusal is the rules' answer, not an error
    """The rules say no; the connection lives.

    `detail` is one sentence that a person can act on. `choice` goes with
    `ALREADY_ANSWERED` (the first one), `retry_in_ms` with `COOLING_DOWN`,
    `match` with `ALREADY_IN_MATCH`.
    """

    def __init__(
        self,
        reason: Reason,
        detail: str,
        *,
        choice: int | None = None,
        retry_in_ms: int | None = None,
        match: str | None = None,
    ) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.choice = choice
        self.retry_in_ms = retry_in_ms
        self.match = match
