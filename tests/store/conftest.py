"""Fixtures of the store: every test of it runs on one Valkey, and on a cluster of six."""

from collections.abc import AsyncIterator

import pytest

from server.store.address import Kind
from server.store.embedded import EmbeddedRedis
from server.store.link import Link
from tests.store.given import empty
from tests.support.fleet import cluster


@pytest.fixture(
    scope="session", params=[Kind.ONE, Kind.CLUSTER], ids=lambda kind: kind.name.lower()
)
async def redis_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[str]:
    """The URL of real Valkeys of this test session's own."""
    folder = tmp_path_factory.mktemp("valkey")
    if request.param is Kind.CLUSTER:
        async with cluster(folder) as fleet:
            yield fleet.url
    else:
        embedded = EmbeddedRedis(folder)
        yield await embedded.start()
        await embedded.stop()


@pytest.fixture
async def link(redis_url: str) -> AsyncIterator[Link]:
    """A link to empty Valkeys."""
    link = Link(redis_url)
    await empty(link)
    await link.open()
    yield link
    await link.close()
