"""Fixtures of the tests in a real Chromium: one browser a session, visitors of each test's own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Unpack

import pytest
from playwright.async_api import Browser, Playwright, async_playwright

from tests.pages.visitor import Kind, Visit, Visitor
from tests.support.browser import find_chromium
from tests.support.served import Served

FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)


@pytest.fixture(scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    """What drives the browser."""
    async with async_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
async def browser(playwright: Playwright) -> AsyncIterator[Browser]:
    """A Chromium without a window."""
    browser = await playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
    yield browser
    await browser.close()


@pytest.fixture
async def visit(browser: Browser, served: Callable[..., Awaitable[Served]]) -> AsyncIterator[Visit]:
    """`await visit(server.url, touch=True, …)`: a person with a browser of their own.

    The test fails for whatever the browser complained of, or asked of another host.
    """
    del served  # named so that people leave before the servers stop
    visitors: list[Visitor] = []
    async with AsyncExitStack() as stack:

        async def visit(url: str, **kind: Unpack[Kind]) -> Visitor:
            visitors.append(await Visitor.at(browser, url, **kind))
            stack.push_async_callback(visitors[-1].context.close)
            return visitors[-1]

        yield visit
        complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    assert complaints == []
