"""Who is let in while others are slow: no handshake or entry keeps others from theirs."""

import asyncio
import base64
import os
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from unittest import mock
from urllib.parse import urlsplit

from server.store.link import Unavailable
from server.web import arrivals
from server.web.arrivals import AT_WORK, Arrivals
from server.web.dispatch import Dispatch
from server.web.socket import Connection
from tests.support.player import PATIENCE_S, connected, sign_up
from tests.support.served import Served

MUTE = 3 * AT_WORK
"""Each keeps its end open for two seconds: one place after another, longer than anybody waits."""


async def mute(server: Served) -> asyncio.StreamWriter:
    """A client that asks for a WebSocket, and never says anything again."""
    port = urlsplit(server.url).port
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\n"
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    return writer


async def test_who_does_not_answer_a_closure_keeps_nobody_out(
    served: Callable[..., Awaitable[Served]],
) -> None:
    server = await served()
    ada = await sign_up(server.url, "Ada")
    refused, all_refused, welcome = 0, asyncio.Event(), Dispatch.welcome

    async def only_the_known(dispatch: Dispatch, connection: Connection, now_ms: int) -> None:
        nonlocal refused
        if connection.account is None:
            refused += 1
            if refused == MUTE:
                all_refused.set()
            raise Unavailable("for once")
        await welcome(dispatch, connection, now_ms)

    with (
        mock.patch.object(arrivals, "HOLD_S", PATIENCE_S),
        mock.patch.object(Dispatch, "welcome", only_the_known),
    ):
        strangers = [await mute(server) for _ in range(MUTE)]
        async with connected(server.url, ada):
            pass
        async with asyncio.timeout(PATIENCE_S):
            await all_refused.wait()
    for stranger in strangers:
        stranger.close()


async def test_a_place_is_held_for_half_a_second_at_most_and_given_back_once() -> None:
    places = Arrivals(lambda: True)
    for place in (places.welcome, places.entry):
        async with AsyncExitStack() as stack, asyncio.timeout(PATIENCE_S):
            for _ in range(2 * AT_WORK):  # the second half once the first has held its own
                await stack.enter_async_context(place())
        with mock.patch.object(arrivals, "HOLD_S", PATIENCE_S):
            async with AsyncExitStack() as stack:
                for _ in range(AT_WORK):
                    await stack.enter_async_context(place())
                late = AsyncExitStack()
                one_more = asyncio.ensure_future(late.enter_async_context(place()))
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                assert not one_more.done()
            await one_more
            await late.aclose()
