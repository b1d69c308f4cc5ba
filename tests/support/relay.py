"""Another way to the Redis at a Unix socket, whose connections may go mute."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit


class Way:
    """A way to Redis; while `mute`, it swallows what either side says."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.mute = False
        self.ways = 0
        self.muted_before = 0

    def mute_those(self) -> None:
        """Swallow what is said on the connections that there are, and on no later one."""
        self.muted_before = self.ways

    def carries(self, number: int) -> bool:
        """Whether a connection is not mute."""
        return not self.mute and number >= self.muted_before


@asynccontextmanager
async def relay(redis_url: str) -> AsyncIterator[Way]:
    """Another way to the Redis at a Unix socket."""
    tasks: set[asyncio.Task[None]] = set()
    writers: set[asyncio.StreamWriter] = set()

    async def pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter, number: int) -> None:
        while chunk := await source.read(65_536):
            if way.carries(number):
                sink.write(chunk)

    async def serve(client: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        replies, commands = await asyncio.open_unix_connection(Path(urlsplit(redis_url).path))
        writers.update((answers, commands))
        tasks.add(asyncio.create_task(pour(client, commands, way.ways)))
        tasks.add(asyncio.create_task(pour(replies, answers, way.ways)))
        way.ways += 1

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    way = Way(f"redis://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
    try:
        yield way
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        for writer in writers:
            writer.close()
        await asyncio.gather(*tasks, return_exceptions=True)
