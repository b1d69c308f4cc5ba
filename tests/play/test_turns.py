"""Turns at a match: in order, whoever waits for them and however."""

import asyncio

from server.play.turns import Turns


async def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    turns, order = Turns(), list[str]()

    async def by_task(name: str) -> None:
        async with turns:
            order.append(name)
            await asyncio.sleep(0)
            assert order[-1] == name

    turns.begin(lambda: order.append("now"))
    assert order == ["now"]
    first = asyncio.create_task(by_task("first"))
    await asyncio.sleep(0)
    turns.begin(lambda: order.append("second"))
    last = asyncio.create_task(by_task("last"))
    await asyncio.sleep(0)
    assert order == ["now"]
    turns.end()
    await first
    assert order == ["now", "first", "second"]
    turns.end()
    await last
    assert not turns.taken


async def test_whoever_goes_while_he_waits_holds_nobody_up() -> None:
    turns, had = Turns(), list[str]()

    async def wait() -> None:
        async with turns:
            had.append("wait")

    turns.begin(lambda: had.append("now"))
    waits, handed = asyncio.create_task(wait()), asyncio.create_task(wait())
    await asyncio.sleep(0)
    turns.begin(lambda: had.append("last"))
    waits.cancel()
    await asyncio.sleep(0)
    turns.end()
    handed.cancel()  # in the moment in which the turn was handed to him
    await asyncio.wait([waits, handed])
    assert had == ["now", "last"]
    turns.end()
    assert not turns.taken
