"""Fixtures of the play floor: processes on one real Valkey."""

from collections.abc import AsyncIterator

import pytest

from server.store.link import Link
from server.web.services import Services
from tests.play.given import Process, processes


@pytest.fixture
async def process(redis_url: str, link: Link) -> AsyncIterator[Process]:
    """Begins processes on an empty Valkey."""
    del link
    async with processes(redis_url) as begin:
        yield begin


@pytest.fixture
async def at(process: Process) -> Services:
    """One process that does nothing by itself."""
    return await process()
