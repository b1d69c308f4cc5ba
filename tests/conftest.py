"""Fixtures that every test may use: the real Valkey, a link to it, servers on real sockets."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import uvloop

from server.settings import Settings, from_sources
from server.store.embedded import EmbeddedRedis
from server.store.link import Link
from tests.support.browser import find_chromium
from tests.support.served import Served, serve


def pytest_asyncio_loop_factories(config: pytest.Config, item: pytest.Item) -> dict[str, Any]:
    """Run on the loop that the server runs on."""
    del config, item
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture(scope="session")
async def redis_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The URL of a real Valkey of this test session's own."""
    embedded = EmbeddedRedis(tmp_path_factory.mktemp("valkey"))
    url = await embedded.start()
    yield url
    await embedded.stop()


@pytest.fixture
async def link(redis_url: str) -> AsyncIterator[Link]:
    """A link to an empty Valkey."""
    link = Link(redis_url)
    await link.open()
    await link.call("FLUSHALL")
    yield link
    await link.close()


@pytest.fixture
async def served(redis_url: str, link: Link) -> AsyncIterator[Callable[..., Awaitable[Served]]]:
    """`await served(rounds=2, …)`: a server on a free port, on an empty Valkey.

    Takes settings by name; without pauses, limits or a pairing delay unless told otherwise.
    """
    del link
    running: list[Served] = []

    async def start(**flags: int | str) -> Served:
        running.append(await serve(quick_settings(redis_url, **flags), redis_url))
        return running[-1]

    yield start
    for server in running:
        await server.stop()


def quick_settings(redis_url: str, **flags: int | str) -> Settings:
    """The settings of a server that never pauses, with some of them changed."""
    quick = {
        "host": "127.0.0.1",
        "redis_url": redis_url,
        "reveal_ms": "0",
        "countdown_ms": "0",
        "pair_every_ms": "10",
        "rate_limit": "0",
        "pair_limits": "off",
    }
    return from_sources(quick | {name: str(value) for name, value in flags.items()}, {})


@pytest.fixture
def chromium() -> Path:
    """The browser; a test that needs it fails, and never skips, where there is none."""
    return find_chromium()
