"""A rated match over real sockets, from the seek to the stored ratings."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from server.wire.codec import SubProtocol
from tests.support.player import begin, connected, play_out, sign_up
from tests.support.served import Served


@pytest.mark.parametrize("protocol", SubProtocol)
async def test_two_players_play_a_rated_match_and_both_ratings_move(
    served: Callable[..., Awaitable[Served]], protocol: SubProtocol
) -> None:
    server = await served()
    ada, bob = await sign_up(server.url, "Ada"), await sign_up(server.url, "Bob")
    async with (
        connected(server.url, ada, protocol) as one,
        connected(server.url, bob, protocol) as two,
    ):
        match = await begin(one, two)
        over, same = await asyncio.gather(
            play_out(one, match), play_out(two, match, dict.fromkeys(range(1, 11), 1))
        )
    assert over == same
    assert over["reason"] == "played"
    before = [rating["before"] for rating in over["ratings"]]
    changes = [rating["change"] for rating in over["ratings"]]
    assert before == [1500, 1500]
    assert sum(changes) == 0
    gain = {"seat_0": 20, "seat_1": -20, "draw": 0}[over["outcome"]]
    assert changes[0] == gain
