"""A stage: two players at a server that is killed at a write, and every case of that tried."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import starmap
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from server.store.embedded import EmbeddedRedis
from server.store.link import Link
from tests.play.duelist import Duelist
from tests.play.mortal import MortalServer, until_up, warm_up
from tests.serving import free_port
from tests.support.proxy import Moment, WriteProxy

PATIENCE_S: Final = 100.0
NAMES: Final = ("Ada", "Bob")


class Case(NamedTuple):
    """A write (its name, and which of that name) and the moment about it."""

    name: str
    occurrence: int
    moment: Moment


class Stage:
    """One Valkey, a proxy before it, a server that may be killed, and two players."""

    def __init__(self, proxy: WriteProxy, server: MortalServer, link: Link, url: str) -> None:
        self.proxy = proxy
        self.server = server
        self.link = link
        self.url = url
        self.players: list[Duelist] = []

    async def cast(self) -> None:
        """Sign two players up once the server answers; they have not sought yet."""
        for choice, name in enumerate(NAMES):
            account = await until_up(self.url, name)
            self.players.append(Duelist(self.url, account, choice))

    async def play(self) -> None:
        """Have both play until both have a result."""
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(*(player.play() for player in self.players))


S = TypeVar("S", bound=Stage)


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[Stage]:
    """A stage whose server has been started."""
    warm_up()
    valkey = EmbeddedRedis(folder)
    url = await valkey.start()
    proxy, link, port = WriteProxy(Path(url.removeprefix("unix://"))), Link(url), free_port()
    server = MortalServer(port, await proxy.start(), folder / "words")
    try:
        await link.open()
        server.start()
        yield Stage(proxy, server, link, f"http://127.0.0.1:{port}")
    finally:
        server.kill()
        await link.close()
        await proxy.stop()
        await valkey.stop()
    assert "Traceback" not in server.said(), server.said()


async def try_all(
    cases: Sequence[Case],
    stage_at: Callable[[Path], AbstractAsyncContextManager[S]],
    kill: Callable[[S, Case], Awaitable[None]],
    folder: Path,
    at_once: int,
) -> None:
    """Play every case, some at once, each on a Valkey of its own; tell of all that failed."""
    room = asyncio.Semaphore(at_once)

    async def run(number: int, case: Case) -> None:
        async with room, stage_at(folder / str(number)) as killed:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await kill(killed, case)
            except Exception as error:
                error.add_note(f"killed at {case}; writes: {killed.proxy.writes}")
                raise

    results = await asyncio.gather(*starmap(run, enumerate(cases)), return_exceptions=True)
    failed = [result for result in results if isinstance(result, Exception)]
    if failed:
        raise ExceptionGroup(f"{len(failed)} of {len(cases)} cases", failed)
