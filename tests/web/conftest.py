"""What most tests over the wire need: a server, and somebody who calls it and keeps no cookie."""

from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest

from tests.support.served import Served
from tests.web.table import Table, table


@pytest.fixture
async def server(served: Callable[..., Awaitable[Served]]) -> Served:
    """A server as `served` makes it unless told otherwise."""
    return await served()


@pytest.fixture
async def client(server: Served) -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody who keeps no cookie."""
    async with aiohttp.ClientSession(server.url, cookie_jar=aiohttp.DummyCookieJar()) as client:
        yield client


@pytest.fixture
async def played(server: Served) -> AsyncIterator[Table]:
    """Ada has beaten Bob; both are connected."""
    async with table(server.url) as t:
        await t.begin()
        await t.two.ask("answer", match=t.match, round=1, choice=0)
        await t.two.ask("resign", match=t.match)
        await t.one.until("match_over")
        yield t
