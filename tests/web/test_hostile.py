"""Clients that mean harm, or are half dead: they are cut off and harm nobody."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import psutil

from server.wire.codec import SubProtocol
from tests.support.player import PATIENCE_S, connected
from tests.support.served import Served
from tests.web.table import table

Serve = Callable[..., Awaitable[Served]]

UPGRADE = (
    "GET /ws HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


def frame(opcode: int, body: bytes) -> bytes:
    """A masked frame of a client, with a mask of zeros."""
    size = bytes([0x80 | len(body)]) if len(body) < 126 else b"\xfe" + len(body).to_bytes(2, "big")
    return bytes([0x80 | opcode]) + size + b"\0\0\0\0" + body


async def raw(url: str) -> socket.socket:
    """A connection whose answers nobody reads, with the least of buffers."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(0)
    await asyncio.get_running_loop().sock_connect(connection, (parts.hostname, parts.port))
    return connection


async def until_cut_off(connection: socket.socket, burst: bytes) -> int:
    """Send again and again without reading; the bytes sent until the other side ended it."""
    sent = 0
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                await loop.sock_sendall(connection, burst)
            except (ConnectionResetError, BrokenPipeError):
                return sent
            sent += len(burst)


async def test_who_asks_and_never_reads_is_cut_off_and_a_match_goes_on(served: Serve) -> None:
    server = await served(rounds=3)
    memory = psutil.Process().memory_info
    async with table(server.url) as t:
        await t.begin()
        before = memory().rss
        deaf = await raw(server.url)
        with deaf:
            upgrade = UPGRADE.format(host=urlsplit(server.url).netloc).encode()
            await asyncio.get_running_loop().sock_sendall(deaf, upgrade)
            asked = frame(1, b'{"type":"enter","match":"%s"}' % t.match.encode()) * 50
            assert await until_cut_off(deaf, asked) > 0
        assert memory().rss - before < 32 * 1024 * 1024
        assert (await t.play_out())["reason"] == "played"


async def test_who_pings_and_never_reads_is_cut_off_too(served: Serve) -> None:
    server = await served(rounds=3)
    async with table(server.url) as t:
        await t.begin()
        deaf = await raw(server.url)
        with deaf:
            upgrade = UPGRADE.format(host=urlsplit(server.url).netloc).encode()
            await asyncio.get_running_loop().sock_sendall(deaf, upgrade)
            assert await until_cut_off(deaf, frame(9, b"x" * 125) * 50) > 0
        assert (await t.play_out())["reason"] == "played"


async def test_half_open_connections_keep_nobody_from_playing_or_the_server_from_ending(
    served: Serve,
) -> None:
    server = await served(rounds=3)
    upgrade = UPGRADE.format(host=urlsplit(server.url).netloc).encode()
    loop = asyncio.get_running_loop()
    half_open = [await raw(server.url) for _ in range(40)]
    try:
        for number, connection in enumerate(half_open):
            begun = (b"", b"GET /ws HT", upgrade[:-2], upgrade + b"\x81", upgrade)[number % 5]
            await loop.sock_sendall(connection, begun)
        async with table(server.url, SubProtocol.JSON) as t:
            await t.begin()
            assert (await t.play_out())["reason"] == "played"
        async with asyncio.timeout(PATIENCE_S):
            await server.stop()
    finally:
        for connection in half_open:
            connection.close()


async def test_a_spectator_who_vanishes_harms_no_match(served: Serve) -> None:
    server = await served(rounds=3)
    async with table(server.url) as t:
        await t.begin()
        for _ in range(20):
            async with connected(server.url) as watcher:
                await watcher.ask("enter", match=t.match)
                watcher.cut()
        assert (await t.play_out())["reason"] == "played"
        assert {m["type"] for m in t.one.seen} & {"seat_changed"} == {"seat_changed"}
        assert all(m["connected"] for m in t.one.seen if m["type"] == "seat_changed")
