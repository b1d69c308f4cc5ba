"""The live top 10: sent when the board moves, by whomever, and at most once a second."""

import asyncio
from collections.abc import Callable
from itertools import pairwise

import pytest

from server.play import ladders
from server.play.timers import mono_ms
from server.web.services import Services
from server.wire import messages as wire
from server.wire.codec import Frame
from tests.play.given import DECK, PATIENCE_S, Ear, Process, ended, signed_up

TIMER_MS = 5
"""A loop's timers may fire so much early: it reads the clock once a turn."""


class Stamped(Ear):
    """Notes when it heard each message."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def send(self, frame: Frame, *, written: Callable[[], None] | None = None) -> None:
        self.times.append(mono_ms())
        super().send(frame, written=written)


async def moved(at: Services, *ears: Ear) -> None:
    """One more rated match of these two is settled."""
    await at.settling.settle(await ended(at, *ears))


async def test_who_watches_gets_the_board_now_and_when_it_moves(process: Process) -> None:
    at, elsewhere = await process(), await process()
    ears = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    watcher = Ear()
    assert (await at.ladders.watch(DECK, watcher)).top == ()
    await moved(elsewhere, *ears)
    ladder = await watcher.hears(wire.Ladder)
    assert [(row.rank, row.name, row.rating, row.change) for row in ladder.top] == [
        (1, "Ada", 1520, 20),
        (2, "Bob", 1480, -20),
    ]
    assert all(row.provisional for row in ladder.top)
    late = Ear()
    assert (await at.ladders.watch(DECK, late)).top == ladder.top


async def test_a_board_that_moves_all_the_time_is_sent_once_a_second(process: Process) -> None:
    at = await process()
    ears = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    watcher, moves, began = Stamped(), 0, mono_ms()
    await at.ladders.watch(DECK, watcher)
    async with asyncio.timeout(PATIENCE_S):
        while len(watcher.times) < 2:
            await moved(at, *ears)
            moves += 1
    assert moves > 4
    gaps = [later - earlier for earlier, later in pairwise([began, *watcher.times])]
    assert all(gap >= 1_000 - TIMER_MS for gap in gaps)


async def test_a_board_that_does_not_move_is_not_sent(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ladders, "AT_MOST_EVERY_MS", 20)
    at = await process()
    ears = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    watcher, other = Ear(), Ear()
    for ear in (watcher, other):
        await at.ladders.watch(DECK, ear)
    await moved(at, *ears)
    assert await watcher.hears(wire.Ladder) is await other.hears(wire.Ladder)
    at.ladders.unwatch(DECK, other)
    await asyncio.sleep(0.2)
    await moved(at, *ears)
    await watcher.hears(wire.Ladder, 2)
    assert [len(ear.heard) for ear in (watcher, other)] == [2, 1]


async def test_nobody_watching_nothing_is_looked_at(process: Process) -> None:
    at = await process()
    watcher, other = Ear(), Ear()
    for ear in (watcher, other):
        await at.ladders.watch(DECK, ear)
    at.ladders.unwatch(DECK, watcher)
    assert at.timers.pending("ladders")
    at.ladders.unwatch(DECK, other)
    assert not at.timers.pending("ladders")
