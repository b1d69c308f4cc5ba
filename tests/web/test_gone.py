"""Clients that are gone before they are answered: nobody's bug, and nothing is logged of it."""

import asyncio
import contextlib
import logging
import socket
import struct
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from tests.support.player import connected
from tests.support.served import Served
from tests.web.test_hostile import UPGRADE, frame

Serve = Callable[..., Awaitable[Served]]

TIMES = 20
RESET = struct.pack("ii", 1, 0)
"""A linger of nothing: closing resets the connection."""
PING = 9


async def reset_after(url: str, *sent: bytes, until: bytes = b"") -> None:
    """Send something, read until something was said, send the rest, and be gone."""
    parts = urlsplit(url)
    first, *rest = sent
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(first)
    if until:
        await reader.readuntil(until)
    for more in rest:
        writer.write(more)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()


@pytest.mark.parametrize("upgraded", [False, True])
async def test_who_is_gone_before_he_is_answered_is_no_bug(
    served: Serve,
    caplog: pytest.LogCaptureFixture,
    upgraded: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    server = await served()
    caplog.set_level(logging.ERROR)
    upgrade = UPGRADE.format(host=urlsplit(server.url).netloc)
    upgrade = upgrade.replace("\r\n\r\n", "\r\nAuthorization: Bearer x\r\n\r\n")
    for _ in range(TIMES):
        if upgraded:
            pings = frame(PING, b"x") * 100
            await reset_after(server.url, upgrade.encode(), pings, until=b"\r\n\r\n")
        else:
            await reset_after(server.url, upgrade.encode())
    async with connected(server.url) as ada:
        await ada.settled()
    assert not caplog.records


async def test_who_goes_in_the_very_moment_of_his_upgrade_is_no_bug(
    served: Serve, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = web.WebSocketResponse.prepare

    async def prepare_too_late(
        self: web.WebSocketResponse, request: web.BaseRequest
    ) -> AbstractStreamWriter | None:
        if request.query_string == "gone":
            assert request.transport is not None
            request.transport.abort()
        return await prepare(self, request)

    monkeypatch.setattr(web.WebSocketResponse, "prepare", prepare_too_late)
    server = await served()
    caplog.set_level(logging.ERROR)
    parts = urlsplit(server.url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(UPGRADE.format(host=parts.netloc).replace("/ws", "/ws?gone").encode())
    with contextlib.suppress(ConnectionResetError):
        assert await reader.read() == b""
    writer.close()
    async with connected(server.url) as ada:
        await ada.settled()
    assert not caplog.records
