"""A process that dies at a write: the link of a test, cut there."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Final

import pytest

from server.store.link import Argument, Link, Reply, Unavailable

WRITES: Final = frozenset(
    {"DEL", "EVALSHA", "HDEL", "HSET", "HSETNX", "PERSIST", "SET", "ZADD", "ZREM"}
)


@contextmanager
def dying(link: Link, last: int, *, carried_out: bool) -> Iterator[None]:
    """Cut a link at a write (from 0): before it is carried out, or before its reply is back."""
    call, writes = link.call, count()

    async def unanswered(*command: Argument) -> Reply:
        await call(*command)
        raise Unavailable

    def mortal(*command: Argument) -> asyncio.Future[Reply]:
        if command[0] not in WRITES or next(writes) < last:
            return call(*command)
        if carried_out:
            return asyncio.ensure_future(unanswered(*command))
        raise Unavailable

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(link, "call", mortal)
        yield
