"""The practice opponents of a server, each a client that connects again whatever happens."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from aiohttp import ClientError, ClientSession, TCPConnector

from server.core.ids import PlayerId
from server.core.practice import CHARACTERS, Character
from server.practice.decks import PublicDecks
from server.practice.line import Line, Lost
from server.practice.sitting import Sitting

log: Final = logging.getLogger(__name__)

FIRST_WAIT_S: Final = 0.5
LONGEST_WAIT_S: Final = 5.0

TokenOf: TypeAlias = Callable[[PlayerId], Awaitable[str]]
"""Gives a character a token to open a socket with; `OSError` where there is none to be had now."""


class PracticeClients:
    """One task for every character; `start` and `stop` in pairs.

    `rate_limit` is how many messages a second the server takes from one socket, 0 for any.
    """

    def __init__(self, token_of: TokenOf, rate_limit: int) -> None:
        self._token_of: Final = token_of
        self._rate_limit: Final = rate_limit
        self._running: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Whether they play."""
        return self._running is not None

    def start(self, origin: str) -> None:
        """Begin to play on the server at `origin`."""
        self._running = asyncio.create_task(self._run(origin), name="practice")

    async def stop(self) -> None:
        """Let go of every socket; nothing happens where none was opened."""
        running, self._running = self._running, None
        if running is not None:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

    async def _run(self, origin: str) -> None:
        async with ClientSession(connector=TCPConnector(limit=0)) as http:
            decks = PublicDecks(http, origin)
            async with asyncio.TaskGroup() as tasks:
                for character in CHARACTERS:
                    tasks.create_task(self._play(character, http, origin, decks))

    async def _play(
        self, character: Character, http: ClientSession, origin: str, decks: PublicDecks
    ) -> None:
        """Play one character, over as many connections as it takes."""

        async def connect(line: Line) -> None:
            await line.run(http, origin, await self._token_of(character.id))

        wait_s = FIRST_WAIT_S
        # Not `True`: where a connection is lost just then, its error hides the cancellation.
        while self.running:
            sitting = Sitting(character, decks, connect, self._rate_limit)
            try:
                await sitting.run()
            except* (Lost, ClientError, OSError) as trouble:
                log.debug("%s connects again: %s", character.name, trouble.exceptions)
            except* Exception:
                log.exception("our bug, in %s", character.name)
            wait_s = FIRST_WAIT_S if sitting.welcomed else min(2 * wait_s, LONGEST_WAIT_S)
            await asyncio.sleep(random.uniform(0, wait_s))  # noqa: S311 - it only spreads load
