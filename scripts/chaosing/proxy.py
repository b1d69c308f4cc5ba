"""A proxy that misbehaves when told, by connection and direction."""

import asyncio
import contextlib
from collections.abc import Collection
from pathlib import Path
from typing import Final

from scripts.chaosing.plan import Way

CHUNK: Final = 65_536


class Passage:
    """One connection through a proxy, and what is being done to it."""

    def __init__(self, holes: Collection[Way] = ()) -> None:
        self.delay_s: Final = dict.fromkeys(Way, 0.0)
        self.holes: Final = set(holes)
        self.loses = False
        self._ends: Final = list[asyncio.StreamWriter]()

    async def carry(
        self,
        way: Way,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
    ) -> None:
        """Pass bytes on until either side goes or the connection is cut."""
        self._ends.append(sink)
        try:
            while chunk := await source.read(CHUNK):
                if way is Way.ANSWERING and self.loses:
                    self.cut()
                    return
                if self.delay_s[way]:
                    await asyncio.sleep(self.delay_s[way])
                if way not in self.holes:
                    sink.write(chunk)
                    await sink.drain()
        except OSError:
            pass
        finally:
            sink.close()

    def cut(self) -> None:
        """End it in both directions at once; what is on its way is lost."""
        for end in self._ends:
            end.transport.abort()


class Proxy:
    """Listens on a port of 127.0.0.1, and passes on to `target`: a port there, or a Unix socket.

    The target may be set anew at any time; connections that stand keep theirs. `holes` is
    where new ones lead nowhere.
    """

    def __init__(self, target: Path | int) -> None:
        self.target = target
        self.passages: Final = set[Passage]()
        self.holes: Final = set[Way]()
        self.port = 0
        self._listening: asyncio.Server | None = None
        self._serving: Final = set[asyncio.Task[None]]()

    async def start(self) -> None:
        """Listen."""
        self._listening = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._listening.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Let go of everything."""
        if self._listening is not None:
            self._listening.close()
        for passage in self.passages:
            passage.cut()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _serve(self, asking: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        passage = Passage(self.holes)
        try:
            with contextlib.suppress(OSError, asyncio.CancelledError):
                answering, asks = await self._connect()
                self.passages.add(passage)
                await asyncio.gather(
                    passage.carry(Way.ASKING, asking, asks),
                    passage.carry(Way.ANSWERING, answering, answers),
                )
        finally:
            answers.close()
            self.passages.discard(passage)
            self._serving.discard(task)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self.target, int):
            return await asyncio.open_connection("127.0.0.1", self.target)
        return await asyncio.open_unix_connection(self.target)
