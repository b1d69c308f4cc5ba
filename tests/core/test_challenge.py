"""The rules of challenges: codes, limits, who may do what and when, what is at stake."""

from typing import Final

import pytest
from msgspec.structs import replace

from server.core.challenge import (
    ALPHABET,
    CODE_LENGTH,
    LIFE_MS,
    Challenge,
    Kind,
    Offer,
    State,
    check_accept,
    check_decline,
    check_withdraw,
    is_taken_by,
    limits_for,
    parse_code,
    rematch_of,
    seats_of,
    stake_for,
    state_at,
)
from server.core.elo import Stake, Standing
from server.core.events import Limits, MatchCreated, Player, Sought
from server.core.fairness import Unrated
from server.core.ids import MatchId, PlayerId
from server.core.refusal import Reason, Refused

ADA: Final = PlayerId("ada")
BOB: Final = PlayerId("bob")
CYD: Final = PlayerId("cyd")
STANDARD: Final = Limits()


def link(state: State = State.OPEN, to: PlayerId | None = None) -> Challenge:
    offer = Offer(Kind.LINK, "deck", ADA, None, rated=True, limits=STANDARD)
    return Challenge("K7QWXP", offer, state, to, None, expires_at=100, now=40)


def direct(state: State = State.OPEN, kind: Kind = Kind.DIRECT) -> Challenge:
    offer = Offer(kind, "deck", ADA, BOB, rated=True, limits=STANDARD)
    return Challenge("K7QWXP", offer, state, BOB, None, expires_at=100, now=40)


def reason(check: object, *args: object) -> Reason | None:
    """Why something is refused; None where it is not."""
    assert callable(check)
    try:
        check(*args)
    except Refused as refused:
        return refused.reason
    return None


@pytest.mark.parametrize(
    "text",
    ["K7QWXP", "k7qwxp", "K7Q WXP", " k7q-wxp ", "K-7-Q-W-X-P", "k7q\u2013wxp", "K7Q\u00a0WXP"],
)
def test_a_code_is_read_however_it_is_written(text: str) -> None:
    assert parse_code(text) == "K7QWXP"


@pytest.mark.parametrize("text", ["", "K7QWX", "K7QWXPP", "K7QWX0", "K7QWXI", "K7QWXÉ", "K7Q/XP"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert parse_code(text) is None


def test_nothing_in_a_code_is_mistaken_for_another() -> None:
    assert not set(ALPHABET) & set("01ILO")
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert len(ALPHABET) ** CODE_LENGTH > 800_000_000, "too many to be found by trying"


def test_each_kind_lives_as_long_as_it_says() -> None:
    assert LIFE_MS == {"link": 86_400_000, "direct": 60_000, "rematch": 30_000}


@pytest.mark.parametrize(
    ("stored", "now", "state"),
    [
        (State.OPEN, 99, State.OPEN),
        (State.OPEN, 100, State.EXPIRED),
        (State.ACCEPTED, 100, State.ACCEPTED),
        (State.DECLINED, 100, State.DECLINED),
        (State.WITHDRAWN, 100, State.WITHDRAWN),
    ],
)
def test_only_what_is_open_expires(stored: State, now: int, state: State) -> None:
    assert state_at(stored, 100, now) is state


def test_what_is_left_of_a_challenge_is_nothing_once_it_is_over() -> None:
    assert link().expires_in_ms == 60
    assert link(State.ACCEPTED, BOB).expires_in_ms == 0


@pytest.mark.parametrize(
    ("challenge", "player", "refused"),
    [
        (link(), ADA, Reason.OWN_CHALLENGE),
        (link(), BOB, None),
        (direct(), ADA, Reason.OWN_CHALLENGE),
        (direct(), BOB, None),
        (direct(), CYD, Reason.NOT_YOUR_CHALLENGE),
        (direct(kind=Kind.REMATCH), BOB, None),
        (direct(kind=Kind.REMATCH), CYD, Reason.NOT_YOUR_CHALLENGE),
        *[
            (made(state), player, Reason.CHALLENGE_OVER)
            for made, player in ((link, CYD), (direct, BOB))
            for state in State
            if state is not State.OPEN
        ],
    ],
)
def test_who_may_accept(challenge: Challenge, player: PlayerId, refused: Reason | None) -> None:
    assert reason(check_accept, challenge, player) == refused


@pytest.mark.parametrize(
    ("challenge", "player", "refused"),
    [
        (link(), ADA, Reason.OWN_CHALLENGE),
        (link(), BOB, Reason.NOT_YOUR_CHALLENGE),
        (direct(), ADA, Reason.OWN_CHALLENGE),
        (direct(), BOB, None),
        (direct(), CYD, Reason.NOT_YOUR_CHALLENGE),
        (direct(State.WITHDRAWN), BOB, Reason.CHALLENGE_OVER),
    ],
)
def test_who_may_decline(challenge: Challenge, player: PlayerId, refused: Reason | None) -> None:
    assert reason(check_decline, challenge, player) == refused


@pytest.mark.parametrize(
    ("challenge", "player", "refused"),
    [
        (link(), ADA, None),
        (link(), BOB, Reason.NOT_YOUR_CHALLENGE),
        (direct(), BOB, Reason.NOT_YOUR_CHALLENGE),
        (direct(kind=Kind.REMATCH), ADA, None),
        (link(State.ACCEPTED, BOB), ADA, Reason.CHALLENGE_OVER),
        (link(State.EXPIRED), ADA, Reason.CHALLENGE_OVER),
    ],
)
def test_who_may_withdraw(challenge: Challenge, player: PlayerId, refused: Reason | None) -> None:
    assert reason(check_withdraw, challenge, player) == refused


def test_only_who_took_it_has_taken_it() -> None:
    assert is_taken_by(link(State.ACCEPTED, BOB), BOB)
    assert not is_taken_by(link(State.ACCEPTED, BOB), CYD)
    assert not is_taken_by(direct(), BOB), "he may yet decline"


def test_a_casual_challenge_sets_its_limits_and_a_rated_one_has_the_servers() -> None:
    casual = limits_for(STANDARD, rated=False, rounds=5, limit_ms=60_000)
    assert casual == replace(STANDARD, rounds=5, round_ms=60_000)
    assert limits_for(STANDARD, rated=False, rounds=None, limit_ms=None) == STANDARD
    assert limits_for(STANDARD, rated=True, rounds=None, limit_ms=None) == STANDARD
    for rounds, limit_ms in ((5, None), (None, 5_000), (10, 15_000)):
        with pytest.raises(Refused, match="rated_limits"):
            limits_for(STANDARD, rated=True, rounds=rounds, limit_ms=limit_ms)


def created(
    *, sought: bool | None = None, unrated: Unrated | None = None, practice: bool = False
) -> MatchCreated:
    one = Player(ADA, "Ada", Standing())
    two = Player(BOB, "Bob", Standing(), bot=practice, practice=practice)
    return MatchCreated(
        match=MatchId("m"),
        deck="deck",
        title="Deck",
        players=(one, two),
        deal=(),
        limits=Limits(rounds=7),
        unrated_because=unrated,
        sought=None if sought is None else Sought(sought, (1, 2)),
    )


@pytest.mark.parametrize("by", [ADA, BOB])
def test_a_rematch_swaps_the_seats_whoever_offers_it(by: PlayerId) -> None:
    offer = rematch_of(created(), by)
    other = BOB if by == ADA else ADA
    assert (offer.by, offer.to, offer.kind) == (by, other, Kind.REMATCH)
    assert seats_of(offer, other) == (BOB, ADA)
    assert (offer.limits, offer.rematch_of) == (Limits(rounds=7), "m")


def test_who_offers_sits_first_but_in_a_rematch() -> None:
    assert seats_of(link().offer, CYD) == (ADA, CYD)


def test_nobody_else_has_a_rematch() -> None:
    with pytest.raises(Refused, match="not_your_match"):
        rematch_of(created(), CYD)


@pytest.mark.parametrize(
    ("match", "rated"),
    [
        (created(), True),
        (created(unrated=Unrated.GAP), True),
        (created(unrated=Unrated.PAIR_LIMIT), True),
        (created(unrated=Unrated.CASUAL), False),
        (created(unrated=Unrated.BOT), False),
        (created(sought=True, unrated=Unrated.BOT), True),
        (created(sought=False, unrated=Unrated.CASUAL), False),
        (created(sought=True, unrated=Unrated.BOT, practice=True), False),
    ],
)
def test_a_rematch_is_rated_as_the_match_was_sought(match: MatchCreated, rated: bool) -> None:  # noqa: FBT001 - a table row
    assert rematch_of(match, ADA).rated is rated


def test_the_stake_is_that_of_who_looks() -> None:
    strong = Player(ADA, "Ada", Standing(1900, 40, 1900))
    weak = Player(BOB, "Bob", Standing(1500, 40, 1500))
    both = (strong, weak)
    assert stake_for(ADA, both, share=1, unrated=None) == Stake(win=2, draw=-8, loss=-18)
    assert stake_for(BOB, both, share=1, unrated=None) == Stake(win=18, draw=8, loss=-2)
    assert stake_for(BOB, both, share=0.5, unrated=None) == Stake(win=9, draw=4, loss=-1)


def test_nothing_is_at_stake_for_others_against_nobody_or_unrated() -> None:
    both = (Player(ADA, "Ada", Standing()), Player(BOB, "Bob", Standing()))
    assert stake_for(CYD, both, share=1, unrated=None) is None
    assert stake_for(None, both, share=1, unrated=None) is None
    assert stake_for(ADA, both[:1], share=1, unrated=None) is None
    assert stake_for(ADA, both, share=1, unrated=Unrated.GAP) is None
