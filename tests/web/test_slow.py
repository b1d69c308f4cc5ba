"""Clients that never come to the end of a request: they hold no connection for long."""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable
from time import monotonic
from urllib.parse import urlsplit

import pytest

from tests.support.player import PATIENCE_S, connected
from tests.support.served import Served

Serve = Callable[..., Awaitable[Served]]

REQUEST_S = 0.3
WHOLE = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /api/players HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"


@pytest.fixture
async def server(served: Serve, monkeypatch: pytest.MonkeyPatch) -> Served:
    """A server that waits for a request no longer than a test should take."""
    monkeypatch.setattr("server.web.app.REQUEST_S", REQUEST_S)
    monkeypatch.setattr("server.web.calls.REQUEST_S", REQUEST_S)
    monkeypatch.setattr("server.web.app.LINGER_S", REQUEST_S)
    return await served()


async def told(url: str, begun: bytes, more: bytes) -> bytes:
    """What the server says to a beginning, after which so much comes again and again."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(begun)
    heard = asyncio.create_task(reader.read())
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not heard.done():
                writer.write(more)
                await asyncio.wait([heard], timeout=REQUEST_S / 10)
            with contextlib.suppress(ConnectionResetError):
                return await heard
            return b""
    finally:
        heard.cancel()
        writer.close()


@pytest.mark.parametrize(
    ("begun", "more", "answered"),
    [
        (b"", b"", []),
        (b"GET /healthz HT", b"", []),
        (WHOLE[:-2], b"", []),
        (WHOLE[:-2] + b"X: ", b"x", []),
        (WHOLE, b"", [200]),
        (WHOLE + WHOLE[:-2], b"", [200]),
        (POST, b"", [408]),
        (POST + b"{", b" ", [408]),
        (POST.replace(b"players", b"nowhere"), b"", [404]),
    ],
)
async def test_who_does_not_come_to_the_end_of_a_request_is_cut_off(
    server: Served, begun: bytes, more: bytes, answered: list[int]
) -> None:
    async with connected(server.url) as watcher:
        said = await told(server.url, begun, more)
        statuses = [int(part.split(b" ", 1)[0]) for part in said.split(b"HTTP/1.1 ")[1:]]
        assert statuses == answered
        assert (b'"too_slow"' in said) is (408 in answered)
        await watcher.settled()  # its own request came to an end long ago


async def test_who_goes_on_asking_is_not_cut_off(server: Served) -> None:
    parts = urlsplit(server.url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    with contextlib.closing(writer):
        end = monotonic() + 2 * REQUEST_S
        while monotonic() < end:
            writer.write(WHOLE)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 OK\r\n")
            (size,) = re.findall(rb"Content-Length: (\d+)", head)
            await reader.readexactly(int(size))
