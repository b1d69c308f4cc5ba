"""A process of bots: it says when all are there and, told to stop, what they saw."""

import asyncio
import contextlib
import sys
from pathlib import Path
from typing import Final

import aiohttp
import msgspec
import uvloop

from scripts.chaosing.bot import Bot, Mates
from scripts.chaosing.plan import Crew
from scripts.chaosing.told import Notebook

POLL_S: Final = 0.1
STEADY_POLLS: Final = 10
"""Everybody rests for so long, and nobody is paired any more."""
QUIET_S: Final = 30.0
"""So long after the last fault every match must be over, and every player free."""
ALL_HERE: Final = "all here"
RESTLESS: Final = "players not at rest"
CALL_S: Final = 5.0


async def _play(crew: Crew) -> dict[str, int]:
    notebook = Notebook(Path(crew.told))
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CALL_S, sock_read=CALL_S)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        mates = Mates(crew, session, notebook)
        bots = [Bot(mates, crew.first + number) for number in range(crew.bots)]
        living = [asyncio.create_task(bot.live()) for bot in bots]
        while mates.seen["connections"] < crew.bots:
            await _live_on(living)
        print(ALL_HERE, flush=True)  # noqa: T201 - so that nothing is broken before anybody plays
        await _until_told_to_stop(living)
        mates.quiet = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(QUIET_S):
                await _until_at_rest(mates, living)
        restless = [bot for bot in bots if not bot.rests]
        mates.seen[RESTLESS] = len(restless)
        for bot in restless:
            print(f"not at rest: {bot}", file=sys.stderr)  # noqa: T201 - stdout is for the answers
        for task in living:
            task.cancel()
        await asyncio.gather(*living, return_exceptions=True)
    notebook.close()
    return dict(mates.seen)


async def _until_at_rest(mates: Mates, living: list[asyncio.Task[None]]) -> None:
    """Wait until nobody plays or seeks, and nobody is paired any more."""
    steady = 0
    while steady < STEADY_POLLS:
        steady = steady + 1 if len(mates.resting) == len(living) else 0
        await _live_on(living)


async def _live_on(living: list[asyncio.Task[None]]) -> None:
    """Let them live for a moment; a bot that has failed ends everything."""
    done, _ = await asyncio.wait(living, timeout=POLL_S, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()


async def _until_told_to_stop(living: list[asyncio.Task[None]]) -> None:
    """Wait for the word; a bot that has failed ends everything."""
    word = asyncio.create_task(asyncio.to_thread(sys.stdin.readline))
    done, _ = await asyncio.wait([word, *living], return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()


def main() -> None:
    """Read the crew and play: a line says that all are there, one of JSON what was seen."""
    crew = msgspec.json.decode(sys.stdin.readline(), type=Crew)
    seen = uvloop.run(_play(crew))
    sys.stdout.write(msgspec.json.encode(seen).decode() + "\n")


if __name__ == "__main__":
    main()
