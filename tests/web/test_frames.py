"""Frames that are no messages: what is refused, what closes the socket, and with which code."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from server.wire.codec import MAX_FRAME, SubProtocol
from tests.support.player import DECK, connected
from tests.support.served import Served
from tests.web.table import table

Serve = Callable[..., Awaitable[Served]]
TEXT, BINARY = aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY
JSON, MSGPACK = SubProtocol.JSON, SubProtocol.MSGPACK


@pytest.mark.parametrize(
    ("protocol", "kind", "frame", "code"),
    [
        (JSON, TEXT, b"", 1007),
        (JSON, TEXT, b"{", 1007),
        (JSON, TEXT, b"\xff\xfe", 1007),
        (JSON, TEXT, b'{"type":"ping","t":NaN}', 1007),
        (JSON, TEXT, b"[" * MAX_FRAME, 1007),
        (JSON, BINARY, b'{"type":"ping","t":1}', 1003),
        (JSON, TEXT, b" " * (MAX_FRAME + 1), 1009),
        (JSON, TEXT, b" " * 1_000_000, 1009),
        (MSGPACK, BINARY, b"", 1007),
        (MSGPACK, BINARY, b"\xc1", 1007),
        (MSGPACK, BINARY, b"\x91" * MAX_FRAME, 1007),
        (MSGPACK, BINARY, b"\x91" * (MAX_FRAME - 1) + b"\xc0", 1007),
        (MSGPACK, TEXT, b"\x82\xa4type\xa4ping\xa1t\x01", 1003),
        (MSGPACK, TEXT, b'{"type":"ping","t":1}', 1003),
        (MSGPACK, BINARY, b"\xc0" * (MAX_FRAME + 1), 1009),
    ],
)
async def test_a_frame_that_cannot_be_read_closes_the_socket_with_its_code(
    served: Serve, protocol: SubProtocol, kind: aiohttp.WSMsgType, frame: bytes, code: int
) -> None:
    server = await served()
    async with connected(server.url, None, protocol) as player:
        await player.socket.send_frame(frame, kind)
        assert await player.until_closed() == code
    async with connected(server.url, None, protocol) as another:
        assert (await another.ask("ping", t=1))["t"] == 1


@pytest.mark.parametrize("protocol", SubProtocol)
async def test_a_frame_of_exactly_the_limit_is_read(served: Serve, protocol: SubProtocol) -> None:
    server = await served()
    async with connected(server.url, None, protocol) as player:
        room = MAX_FRAME - len(player.packed({"type": "ping", "t": 1, "x": "x" * 300})) + 300
        frame = player.packed({"type": "ping", "t": 1, "x": "x" * room})
        assert len(frame) == MAX_FRAME
        await player.send_raw(frame)
        assert await player.receive() == {"type": "pong", "t": 1}
        await player.send_raw(player.packed({"type": "ping", "t": 1, "x": "x" * (room + 1)}))
        assert await player.until_closed() == 1009


@pytest.mark.parametrize("protocol", SubProtocol)
async def test_a_message_in_many_fragments_is_bounded_as_a_whole(
    served: Serve, protocol: SubProtocol
) -> None:
    server = await served()
    first = 0x01 if protocol is JSON else 0x02
    mask = b"\0\0\0\0"
    async with connected(server.url, None, protocol) as player:
        connection = player.socket._response.connection
        assert connection is not None
        assert connection.transport is not None
        for number in range(5):
            head = bytes([0 if number else first, 0x80 | 126]) + (1000).to_bytes(2, "big") + mask
            connection.transport.write(head + b" " * 1000)
        assert await player.until_closed() == 1009


@pytest.mark.parametrize("protocol", SubProtocol)
async def test_what_was_asked_before_a_bad_frame_is_still_answered(
    served: Serve, protocol: SubProtocol
) -> None:
    server = await served()
    async with connected(server.url, None, protocol) as player:
        for t in range(20):
            await player.send("ping", t=t)
        await player.send_raw(b"\xc1")
        assert await player.until_closed() == 1007
        assert [m["t"] for m in player.seen if m["type"] == "pong"] == list(range(20))


@pytest.mark.parametrize("protocol", SubProtocol)
async def test_a_value_that_is_no_map_is_refused_and_the_socket_lives(
    served: Serve, protocol: SubProtocol
) -> None:
    server = await served()
    async with connected(server.url, None, protocol) as player:
        bad: list[object] = [[], 1, "ping", None, True, {"type": None}, {"type": "ping", "t": True}]
        for value in bad:
            await player.send_raw(player.packed(value))
            refused = await player.receive()
            assert (refused["reason"], refused["ref"]) == ("malformed", None)
        assert (await player.ask("ping", t=1, unknown={"deep": [1]}))["t"] == 1


@pytest.mark.parametrize("protocol", SubProtocol)
async def test_a_flood_is_refused_then_closed_and_another_match_goes_on(
    served: Serve, protocol: SubProtocol
) -> None:
    server = await served(rate_limit=20, rounds=3)
    async with table(server.url) as t, connected(server.url, None, protocol) as flood:
        await t.begin()
        for number in range(1000):
            if flood.socket.closed:
                break
            await flood.send("ping", t=number)
        assert await flood.until_closed() == 1008
        kinds = [message.get("reason", message["type"]) for message in flood.seen]
        assert kinds.count("pong") >= 39  # the burst, less the pong to the server's own ping
        assert kinds.count("too_fast") >= 40
        assert (await t.play_out())["reason"] == "played"


async def test_who_sends_as_fast_as_is_allowed_is_never_refused(served: Serve) -> None:
    server = await served(rate_limit=100_000)
    async with connected(server.url) as player:
        for number in range(3000):
            await player.send("ping", t=number)
        while player.seen[-1].get("t") != 2999:
            await player.until_any()
        assert "refused" not in {message["type"] for message in player.seen}


async def test_two_hundred_sockets_from_one_address_all_work(served: Serve) -> None:
    server = await served(rate_limit=20)

    async def visit(number: int) -> int:
        async with connected(server.url, None, list(SubProtocol)[number % 2]) as visitor:
            ladder = await visitor.ask("watch_ladder", deck=DECK)
            together.append(number)
            if len(together) == 200:
                everybody.set()
            await everybody.wait()
            await visitor.ask("ping", t=number)
            return len(ladder["top"])

    together: list[int] = []
    everybody = asyncio.Event()
    assert await asyncio.gather(*(visit(number) for number in range(200))) == [0] * 200
