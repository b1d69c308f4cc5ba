"""One run: servers, a Redis, proxies and bots; then havoc, then quiet, then the laws."""

import asyncio
import contextlib
import itertools
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from scripts.chaosing import kept, told
from scripts.chaosing.forks import warm_up
from scripts.chaosing.havoc import Havoc
from scripts.chaosing.judge import Judge, Law
from scripts.chaosing.laws import judge_all
from scripts.chaosing.plan import SERVER_FLAGS, Crew, Kind, faults_of
from scripts.chaosing.playing import RESTLESS
from scripts.chaosing.proxy import Proxy
from scripts.chaosing.servers import Ending, Served
from server.store.embedded import EmbeddedRedis

BOTS_A_PROCESS: Final = 150
START_S: Final = 60.0
READY_S: Final = 10.0
"""So long after everything else a server must be ready again."""
TIDY_S: Final = 15.0
TIDY_POLL_S: Final = 0.25


class Asked(Struct):
    """What a run was asked to be."""

    seed: int
    seconds: float
    processes: int
    bots: int


class Outcome(Struct):
    """What came of it."""

    faults: Counter[Kind]
    starts: int
    seen: Counter[str]
    matches: int
    frames: int
    judge: Judge


class ChaosError(Exception):
    """A run that came to no end; the message is one sentence."""


async def run(asked: Asked, folder: Path) -> Outcome:
    """Carry one run out; everything that was said and told lies in `folder`.

    Raises:
        ChaosError: the servers did not start, or a process of bots has failed.
    """
    redis = EmbeddedRedis(folder / "redis")
    valkey = Path((await redis.start()).removeprefix("unix://"))
    try:
        warm_up()
        async with _serving(asked, folder, valkey) as servers:
            crews = _crews(asked, folder, [server.front.port for server in servers])
            havoc = Havoc(servers, redis, asked.seed)
            seen = await _play(asked, crews, havoc, servers)
            await _until_nothing_is_left(valkey)
            endings = await asyncio.gather(*(_end(server) for server in servers))
        kept_at_last = kept.read(valkey)
        heard = told.read(Path(crew.told) for crew in crews)
        named = (server.words.name for server in servers)
        judge = judge_all(kept_at_last, heard, dict(zip(named, endings, strict=True)))
        restless = seen[RESTLESS]
        judge.hold(Law.CLOSED, f"{restless} players are not at rest", so=not restless)
        return Outcome(
            faults=havoc.done,
            starts=sum(server.starts for server in servers),
            seen=seen,
            matches=len(kept_at_last.records),
            frames=sum(len(of_match) for of_match in heard.of.values()),
            judge=judge,
        )
    finally:
        await redis.stop()


def _crews(asked: Asked, folder: Path, ports: list[int]) -> list[Crew]:
    """As few processes of bots as will do, and each bot in one of them."""
    processes = -(-asked.bots // BOTS_A_PROCESS)
    edges = [asked.bots * n // processes for n in range(processes + 1)]
    return [
        Crew(asked.seed, first, after - first, ports, str(folder / f"told-{first}"))
        for first, after in itertools.pairwise(edges)
    ]


@contextlib.asynccontextmanager
async def _serving(asked: Asked, folder: Path, valkey: Path) -> AsyncIterator[list[Served]]:
    """Servers that are started again for ever, each behind its proxies; all have been ready."""
    servers = [
        Served(Proxy(valkey), Proxy(0), folder / f"server-{n}.log", SERVER_FLAGS)
        for n in range(asked.processes)
    ]
    try:
        for server in servers:
            await server.link.start()
            await server.front.start()
            server.start()
        async with asyncio.timeout(START_S):
            for server in servers:
                await server.ready()
        yield servers
    except TimeoutError:
        raise ChaosError("The servers did not start.") from None
    finally:
        await asyncio.gather(*(server.stop() for server in servers))
        for server in servers:
            await server.front.stop()
            await server.link.stop()


async def _play(
    asked: Asked, crews: list[Crew], havoc: Havoc, servers: list[Served]
) -> Counter[str]:
    """Have the bots play while there is havoc, and then until all is quiet; what they saw."""
    playing = [await _start(crew) for crew in crews]
    ended = [asyncio.create_task(process.wait()) for process in playing]
    kept_up = [server.keeping for server in servers if server.keeping is not None]
    faults = faults_of(asked.seed, asked.seconds, asked.processes)
    try:
        await _beside(_until_all_are_here(playing), [*ended, *kept_up])
        await _beside(havoc.wreak(faults), [*ended, *kept_up])
        said = await asyncio.gather(*(process.communicate(b"stop\n") for process in playing))
    finally:
        for process in playing:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await asyncio.gather(*ended)
    seen = Counter[str]()
    for out, _ in said:
        if not out:
            raise ChaosError("A process of bots has failed; see above.")
        seen.update(msgspec.json.decode(out, type=dict[str, int]))
    return seen


async def _until_all_are_here(playing: list[asyncio.subprocess.Process]) -> None:
    """Wait for every bot's first welcome: a fault before is met by nobody."""
    try:
        async with asyncio.timeout(START_S):
            for process in playing:
                assert process.stdout
                await process.stdout.readline()
    except TimeoutError:
        raise ChaosError("Not every bot was let in.") from None


async def _beside(work: Coroutine[None, None, None], lasting: list[asyncio.Task[Any]]) -> None:
    """Do some work beside tasks that all outlast it, unless something fails.

    Raises:
        ChaosError: a process of bots has ended, or a server cannot be started again.
    """
    working = asyncio.create_task(work)
    try:
        done, _ = await asyncio.wait([working, *lasting], return_when=asyncio.FIRST_COMPLETED)
        for task in done - {working}:
            if error := task.exception():
                raise ChaosError(f"No server can be started any more: {error!r}.")
            raise ChaosError("A process of bots has ended; see above.")
        await working
    finally:
        working.cancel()


async def _until_nothing_is_left(valkey: Path) -> None:
    """Give the servers time for what they owe to those that died; what is left then is judged."""
    give_up = time.monotonic() + TIDY_S
    while kept.left(valkey) and time.monotonic() < give_up:  # noqa: ASYNC110 - it is Redis's
        await asyncio.sleep(TIDY_POLL_S)


async def _end(server: Served) -> Ending:
    """End a server that nothing disturbs any more, once it is ready."""
    ready = False
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(READY_S):
            await server.ready()
            ready = True
    exit_code = await server.stop()
    return Ending(server.words.read_text().splitlines(), ready, exit_code)


async def _start(crew: Crew) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "scripts.chaosing.playing"),
        cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin
    process.stdin.write(msgspec.json.encode(crew) + b"\n")
    return process
