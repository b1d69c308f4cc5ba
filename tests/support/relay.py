"""Another way to the Redis at a Unix socket, which may swallow what is said."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from scripts.chaosing.plan import Way
from scripts.chaosing.proxy import Proxy


class Relay(Proxy):
    """A way to Redis; whoever has lost bytes on it needs a new connection."""

    @property
    def url(self) -> str:
        """Where it listens, once it does."""
        return f"redis://127.0.0.1:{self.port}"

    def mute(self) -> None:
        """A black hole: what is said from now on, on whichever connection, is lost."""
        self.mute_those()
        self.holes.update(Way)

    def mute_those(self) -> None:
        """Swallow what is said on the connections that there are, and on no later one."""
        for passage in self.passages:
            passage.holes.update(Way)

    def mend(self) -> None:
        """Let new connections through."""
        self.holes.clear()


@asynccontextmanager
async def relay(redis_url: str) -> AsyncIterator[Relay]:
    """Another way to the Redis at a Unix socket."""
    way = Relay(Path(urlsplit(redis_url).path))
    await way.start()
    try:
        yield way
    finally:
        await way.stop()
