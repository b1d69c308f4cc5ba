"""Which rounds of a match count for the cards that a player studies."""

import pytest
from msgspec.structs import replace

from server.core.ids import Seat
from server.play.settlement import decide_settlement
from server.store.ladder import CardRound
from tests.core.scenario import BOTH_READY, Played, play


def counted(played: Played, *, bot: Seat | None = None) -> list[tuple[CardRound, ...]]:
    """What the settlement of a match counts, by seat; `bot` is the seat of one."""
    match = played.match
    seats = [replace(player, bot=seat == bot) for seat, player in enumerate(match.created.players)]
    match = replace(match, created=replace(match.created, players=(seats[0], seats[1])))
    players = (seats[0].id, seats[1].id)
    return list(decide_settlement(match, players, (b"", b"")).cards)


ONE_ROUND = BOTH_READY + "4000 a right; 4500 b wrong;"
IN_ROUND_2 = ONE_ROUND + "9000 a wrong2;"
PLAYED = IN_ROUND_2 + "9500 b right2; 30000 tick"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param(
            PLAYED,
            [(("c0", True), ("c1", False)), (("c0", False), ("c1", True))],
            id="right ones are won, wrong ones lost",
        ),
        pytest.param(
            IN_ROUND_2 + "60000 tick",
            [(("c0", True), ("c1", False)), (("c0", False), ("c1", False))],
            id="no answer is lost",
        ),
        pytest.param(
            IN_ROUND_2 + "9500 b resigns",
            [(("c0", True),), (("c0", False),)],
            id="a round that the end cut short is nobody's",
        ),
        pytest.param(BOTH_READY + "4000 a resigns", [(), ()], id="an aborted match counts nothing"),
        pytest.param(
            BOTH_READY + "90000 tick", [(), ()], id="one that nobody answered is aborted too"
        ),
    ],
)
def test_a_round_counts_for_its_card_as_it_went(
    script: str, expected: list[tuple[CardRound, ...]]
) -> None:
    assert counted(play(script)) == expected


def test_the_rounds_of_a_bot_are_not_counted() -> None:
    ada, bob = counted(play(PLAYED))
    assert counted(play(PLAYED), bot=0) == [(), bob]
    assert counted(play(PLAYED), bot=1) == [ada, ()]
