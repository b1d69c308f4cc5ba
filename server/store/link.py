"""The way to Redis, whatever it is made of: one node, one found by sentinels, or a cluster.

Whatever is called in one turn of the event loop goes out together (see `Node`). No command
is repeated here that may have been carried out: after an error its outcome is unknown, and
its caller decides.
"""

import asyncio
from functools import partial
from typing import Final

from server.store.address import Address, Kind
from server.store.cluster import Cluster
from server.store.node import Node, refuse
from server.store.resp import Argument, Call, Reply, Unavailable
from server.store.topology import find_only

__all__ = ["Argument", "Link", "Reply", "Unavailable", "scored", "time_ms"]

NO_MASTER: Final = frozenset({"MASTERDOWN", "READONLY"})
"""Errors of a node that has become a replica."""


class Link:
    """The Redis of one URL; connections are made when they are needed."""

    def __init__(self, url: str) -> None:
        self._url: Final = url
        self._scripts: Final[dict[str, str]] = {}
        self._node: Node | None = None
        self._cluster: Cluster | None = None

    async def open(self) -> None:
        """Connect, and say PING.

        Raises:
            Unavailable: nobody answers at the URL.
        """
        self._loop = asyncio.get_running_loop()
        address = Address.of(self._url)
        if address.kind is Kind.CLUSTER:
            self._cluster = Cluster(address, self._scripts)
            await self._cluster.open()
        else:
            find = partial(find_only, address)
            self._node = Node(address, find, self._scripts, self._turned_away, _not_yet)
        await self.call("PING")

    async def close(self) -> None:
        """Let go of the connections; callers who still wait get `Unavailable`."""
        for nodes in (self._node, self._cluster):
            if nodes is not None:
                await nodes.close()

    def call(self, *command: Argument) -> asyncio.Future[Reply]:
        """Send a command with the next batch; the future gives its reply.

        A future, not a coroutine: two calls made before either is awaited travel
        together. In a cluster the first key says to which node.

        Raises (on await):
            Unavailable: the outcome is unknown.
            redis.exceptions.ResponseError: Redis refused the command: a bug of ours.
        """
        call = Call(command, self._loop.create_future())
        if self._node is not None:
            self._node.send(call)
        else:
            assert self._cluster is not None, "open it first"
            self._cluster.send(call, command)
        return call.future

    def remember(self, digest: str, source: str) -> None:
        """Know the source of a script, to load it wherever Redis lacks it."""
        self._scripts[digest] = source

    def _turned_away(self, call: Call, error: str) -> None:
        refuse(call, error)
        if self._node is not None and error.partition(" ")[0] in NO_MASTER:
            self._node.leave()  # the next connection finds who is master now


def _not_yet() -> None:
    """The next call finds the way anew."""


def scored(raw: Reply) -> list[tuple[bytes, int]]:
    """Members with whole scores, of a flat reply of both."""
    return [(member, int(float(score))) for member, score in zip(raw[::2], raw[1::2], strict=True)]


def time_ms(reply: Reply) -> int:
    """The reply to TIME as milliseconds since 1970: the clock by which settlements are dated."""
    seconds, micros = reply
    return int(seconds) * 1000 + int(micros) // 1000
