"""What most tests over the wire need: a server, and somebody who calls it and keeps no cookie."""

from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest

from tests.support.served import Served


@pytest.fixture
async def server(served: Callable[..., Awaitable[Served]]) -> Served:
    """A server as `served` makes it unless told otherwise."""
    return await served()


@pytest.fixture
async def client(server: Served) -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody who keeps no cookie."""
    async with aiohttp.ClientSession(server.url, cookie_jar=aiohttp.DummyCookieJar()) as client:
        yield client
