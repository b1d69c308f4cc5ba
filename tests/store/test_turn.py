"""A turn is one process's at a time, and nobody's when that one is not heard of."""

from server.core.ids import ProcessId
from server.store.keys import PRACTICE
from server.store.link import Link
from server.store.turn import TURN_MS, Turn


def turns(link: Link) -> tuple[Turn, Turn]:
    """Two processes' ways to one turn."""
    return Turn(link, PRACTICE, ProcessId("one")), Turn(link, PRACTICE, ProcessId("two"))


async def test_a_turn_is_whose_it_was_first_for_as_long_as_it_says_so(link: Link) -> None:
    one, two = turns(link)
    assert await one.hold()
    assert not await two.hold()
    await link.call("PEXPIRE", PRACTICE, TURN_MS // 2)
    assert await one.hold()
    assert TURN_MS // 2 < await link.call("PTTL", PRACTICE) <= TURN_MS
    assert not await two.hold()
    assert await link.call("PTTL", PRACTICE) <= TURN_MS


async def test_a_turn_that_ran_out_or_was_given_up_is_the_next_ones(link: Link) -> None:
    one, two = turns(link)
    assert await one.hold()
    await link.call("DEL", PRACTICE)  # as when it runs out
    assert await two.hold()
    assert not await one.hold()
    await one.give_up()
    assert not await one.hold()
    await two.give_up()
    assert await one.hold()
