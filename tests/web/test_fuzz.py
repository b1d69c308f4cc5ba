"""A hundred thousand mutated frames: only refusals and closes, while a healthy duel goes on."""

import asyncio
import logging
import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from server.core.refusal import Reason
from server.wire.codec import MAX_FRAME, Malformed, SubProtocol, Undecodable, decode
from tests.support.player import Closed, Map, Player, connected, in_round, sign_up
from tests.support.served import Served
from tests.web.fuzzer import mutated, valid
from tests.web.table import Table, table

Serve = Callable[..., Awaitable[Served]]

FRAMES = 50_000
"""In each encoding."""
BATCH = 50
ROUNDS = 10
SEED = os.environ.get("FUZZ_SEED", "1")
NOT_BY_A_FRAME = {Reason.TOO_FAST, Reason.UNAVAILABLE}
"""What needs the rate limiter, or a Redis that is gone."""
BY_CHANCE = {
    Reason.OWN_CHALLENGE,
    Reason.CHALLENGE_OVER,
    Reason.NOT_YOUR_CHALLENGE,
    Reason.NOT_ACCEPTING,
    Reason.NOT_ONLINE,
    Reason.NO_SUCH_PLAYER,
}
"""What needs the id of a challenge or of a player, which a changed frame seldom has."""


class Fuzz:
    """What all fuzzing sockets of a run have sent and heard."""

    def __init__(self, url: str, protocol: SubProtocol) -> None:
        self.url = url
        self.protocol = protocol
        self.sent = 0
        self.refused = Counter[str]()
        self.closes = Counter[int | None]()
        self.moved = asyncio.Condition()

    async def run(self, name: str, account: Map | None, matches: list[str], frames: int) -> None:
        """Send so many frames from one account; connect again after every close."""
        rng = random.Random(f"{SEED} {self.protocol} {name}")  # noqa: S311 - it is to be repeated
        while frames:
            async with connected(self.url, account, self.protocol) as player:
                alive = True
                while frames and alive:
                    sent, alive = await self.batch(rng, player, matches, min(frames, BATCH))
                    frames -= sent

    async def batch(
        self, rng: random.Random, player: Player, matches: list[str], most: int
    ) -> tuple[int, bool]:
        """Send up to `most` frames, to the first that must close; how many, and if it lives."""
        frames: list[bytes] = []
        expected: int | None = None
        while len(frames) < most and expected is None:
            frames.append(mutated(rng, valid(rng, matches[-6:]), self.protocol))
            expected = code_for(frames[-1], self.protocol)
        for frame in frames:
            await player.send_raw(frame)
        end = f"end {self.sent}"
        if expected is None:
            await player.send("ping", t=0, ref=end)
        closed = await self.hear(player, end, matches)
        context = f"seed {SEED}, frames {[frame.hex() for frame in frames]}"
        assert closed == expected, context
        self.sent += len(frames)
        async with self.moved:
            self.moved.notify_all()
        return len(frames), closed is None

    async def hear(self, player: Player, end: str, matches: list[str]) -> int | None:
        """Read to the reply that carries this `ref` (None), or to the close (its code)."""
        while True:
            try:
                message = await player.receive()
            except Closed as closed:
                self.closes[closed.code] += 1
                return closed.code
            player.seen.clear()
            player.raw.clear()
            if message["type"] == "refused":
                self.refused[message["reason"]] += 1
            elif message["type"] == "paired":
                matches.append(message["match"])
            elif message.get("ref") == end:
                return None

    async def until(self, sent: int) -> None:
        """Wait until so many frames are out."""
        async with self.moved:
            await self.moved.wait_for(lambda: self.sent >= sent)


def code_for(frame: bytes, protocol: SubProtocol) -> int | None:
    """The code that this frame must close the socket with; None where it must live on."""
    if len(frame) > MAX_FRAME:
        return 1009
    try:
        decode(frame, protocol)
    except Undecodable:
        return 1007
    except Malformed:
        return None
    return None


async def play_slowly(fuzz: Fuzz, player: Player, match: str) -> Map:
    """Answer each round only when a further tenth of the fuzzing is done."""
    for number in range(1, ROUNDS + 1):
        await in_round(player, match, number)
        await fuzz.until(number * FRAMES // ROUNDS)
        await player.send("answer", match=match, round=number, choice=0)
    return await player.until("match_over")


async def left_early_twice(t: Table) -> list[str]:
    """Two matches that the first player has left: his next rated seek must wait."""
    left = []
    for _ in range(2):
        await t.begin()
        await t.one.ask("resign", match=t.match)
        for player in (t.one, t.two):
            await player.until("match_over")
        left.append(t.match)
    return left


@pytest.mark.timeout(400)
@pytest.mark.parametrize("protocol", SubProtocol)
async def test_mutated_frames_leave_refusals_and_closes_and_a_healthy_duel_is_played(
    served: Serve, protocol: SubProtocol, caplog: pytest.LogCaptureFixture
) -> None:
    server = await served(rounds=ROUNDS, round_ms=600_000)
    fuzz = Fuzz(server.url, protocol)
    caplog.set_level(logging.WARNING)
    async with AsyncExitStack() as stack:
        healthy = await stack.enter_async_context(table(server.url))
        await healthy.begin()
        async with table(server.url, names=("Leaver", "Left")) as t:
            over = await left_early_twice(t)
            leaver = t.ada
        playing = await stack.enter_async_context(table(server.url, names=("Eve", "Mallory")))
        await playing.begin()
        seekers = [await sign_up(server.url, name) for name in ("Trudy", "Oscar")]
        common = [healthy.match, "x"]
        runs: dict[str, tuple[Map | None, list[str]]] = {
            "visitor": (None, [*common]),
            "leaver": (leaver, [*over, *common]),
            "eve": (playing.ada, [*common, playing.match]),
            "mallory": (playing.bob, [*common, playing.match]),
            "trudy": (seekers[0], [*common]),
            "oscar": (seekers[1], [*common]),
        }
        share, rest = divmod(FRAMES, len(runs))
        async with asyncio.TaskGroup() as tasks:
            results = [
                tasks.create_task(play_slowly(fuzz, player, healthy.match))
                for player in (healthy.one, healthy.two)
            ]
            for number, (name, (account, matches)) in enumerate(runs.items()):
                frames = share + (number < rest)
                tasks.create_task(fuzz.run(name, account, matches, frames))
    assert fuzz.sent == FRAMES
    provoked = {Reason(reason) for reason in fuzz.refused} - BY_CHANCE
    assert provoked == set(Reason) - NOT_BY_A_FRAME - BY_CHANCE, f"seed {SEED}: {fuzz.refused}"
    assert set(fuzz.closes) == {1007, 1009}, f"seed {SEED}: {fuzz.closes}"
    first, second = (task.result() for task in results)
    assert first == second
    assert first["reason"] == "played"
    bugs = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert bugs == [], f"seed {SEED}"
