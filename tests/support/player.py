"""A player over the real wire: signs up, speaks either encoding, waits for messages."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgpack

from server.wire.codec import SubProtocol

DECK = "deep-learning-interview"
PATIENCE_S = 60.0
"""Nothing that a test waits for takes longer on a busy machine."""

Map = dict[str, Any]

_refs = itertools.count(1)


class Closed(Exception):  # noqa: N818 - an event that tests wait for
    """The server closed the socket, with this code."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"closed with {code}")
        self.code = code


class Player:
    """One socket of one player. `seen` holds every message in order, `raw` their bytes."""

    def __init__(
        self, socket: aiohttp.ClientWebSocketResponse, player: str | None, name: str | None
    ) -> None:
        self.socket = socket
        self.id = player
        self.name = name
        self.seen: list[Map] = []
        self.raw: list[bytes] = []

    async def send(self, type_: str, **keys: object) -> None:
        """Send one message."""
        await self.send_raw(self.packed({"type": type_, **keys}))

    def packed(self, message: object) -> bytes:
        """A value in the encoding of this socket."""
        if self.socket.protocol == SubProtocol.MSGPACK:
            packed: bytes = msgpack.packb(message)
            return packed
        return json.dumps(message).encode()

    async def send_raw(self, frame: bytes) -> None:
        """Send bytes as a frame of the right kind."""
        if self.socket.protocol == SubProtocol.MSGPACK:
            await self.socket.send_frame(frame, aiohttp.WSMsgType.BINARY)
        else:
            await self.socket.send_frame(frame, aiohttp.WSMsgType.TEXT)

    async def receive(self) -> Map:
        """The next message, whatever it is.

        Raises:
            Closed: the server closed the socket instead.
        """
        frame = await self.socket.receive(timeout=PATIENCE_S)
        if frame.type is aiohttp.WSMsgType.BINARY:
            self.raw.append(frame.data)
            message: Map = msgpack.unpackb(frame.data)
        elif frame.type is aiohttp.WSMsgType.TEXT:
            self.raw.append(frame.data.encode())
            message = json.loads(frame.data)
        else:
            raise Closed(self.socket.close_code)
        self.seen.append(message)
        return message

    async def until(self, *types: str, **keys: object) -> Map:
        """The next message of one of these types with these values; the others are in `seen`."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                message = await self.receive()
                matches = all(message.get(key) == value for key, value in keys.items())
                if message["type"] in types and matches:
                    return message

    async def until_closed(self) -> int | None:
        """Read to the end; the code that the server closed with."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    await self.receive()
                except Closed as closed:
                    return closed.code

    async def ask(self, type_: str, **keys: object) -> Map:
        """Send with a `ref` and give the reply that carries it back."""
        ref = f"{type_}-{next(_refs)}"
        await self.send(type_, ref=ref, **keys)
        while True:
            message = await self.until_any()
            if message.get("ref") == ref:
                return message

    async def until_any(self) -> Map:
        """The next message, within the patience of tests."""
        async with asyncio.timeout(PATIENCE_S):
            return await self.receive()

    async def settled(self) -> None:
        """Read until everything that the server had sent by now is in `seen`."""
        await self.ask("ping", t=0)

    def last(self, type_: str) -> Map:
        """The latest message of a type."""
        return next(m for m in reversed(self.seen) if m["type"] == type_)

    def cut(self) -> None:
        """Lose the connection, without a word."""
        connection = self.socket._response.connection
        assert connection is not None
        assert connection.transport is not None
        connection.transport.abort()

    async def close(self) -> None:
        """Leave."""
        await self.socket.close()


def client() -> aiohttp.ClientSession:
    """Somebody who takes any certificate: that of a test is signed by nobody."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False))


async def sign_up(url: str, name: str, *, bot: bool = False) -> Map:
    """A new player: `id`, `name`, `token`."""
    async with (
        client() as session,
        session.post(f"{url}/api/players", json={"name": name, "bot": bot}) as answer,
    ):
        assert answer.status == 201, await answer.text()
        account: Map = await answer.json()
        return account


async def get(url: str) -> Map:
    """What a call answers, when all is well."""
    async with client() as session, session.get(url) as answer:
        assert answer.status == 200, await answer.text()
        found: Map = await answer.json()
        return found


@asynccontextmanager
async def connected(
    url: str, account: Map | None = None, protocol: SubProtocol = SubProtocol.MSGPACK
) -> AsyncIterator[Player]:
    """A socket of a signed-up player (or nobody's), past its welcome."""
    headers = {"Authorization": f"Bearer {account['token']}"} if account else {}
    async with (
        client() as session,
        session.ws_connect(
            f"{url}/ws", headers=headers, protocols=[protocol], max_msg_size=0
        ) as socket,
    ):
        player = Player(
            socket, account["id"] if account else None, account["name"] if account else None
        )
        await player.until("welcome")
        yield player


async def pair(one: Player, two: Player, *, deck: str = DECK, rated: bool = True) -> str:
    """Have two players seek and be paired with each other; the match."""
    await one.ask("seek", deck=deck, rated=rated)
    await two.ask("seek", deck=deck, rated=rated)
    paired = await one.until("paired")
    assert (await two.until("paired"))["match"] == paired["match"]
    match: str = paired["match"]
    return match


async def begin(one: Player, two: Player, *, deck: str = DECK, rated: bool = True) -> str:
    """Pair two players and have both enter and be ready; both have round 1 before them."""
    match = await pair(one, two, deck=deck, rated=rated)
    for player in (one, two):
        await player.ask("enter", match=match)
        await player.ask("ready", match=match)
    for player in (one, two):
        await in_round(player, match, 1)
    return match


async def in_round(player: Player, match: str, number: int) -> Map:
    """The opening of a round, once this socket has it."""
    wanted = {"type": "round_opened", "match": match, "round": number}
    for message in player.seen:
        if wanted.items() <= message.items():
            return message
    return await player.until("round_opened", match=match, round=number)


async def play_out(player: Player, match: str, choices: dict[int, int] | None = None) -> Map:
    """Answer every round from the open one on (choice 0 unless told); the result."""
    opened = player.last("round_opened")
    while True:
        number = opened["round"]
        choice = (choices or {}).get(number, 0)
        await player.send("answer", match=match, round=number, choice=choice)
        opened = await player.until("round_opened", "match_over", match=match)
        if opened["type"] == "match_over":
            return opened
