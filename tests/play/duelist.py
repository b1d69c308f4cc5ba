"""A player whose page finds its way back after every lost connection, until it has a result."""

import asyncio
import contextlib
from collections.abc import Sequence
from itertools import cycle
from typing import Any

import aiohttp

from server.core.events import Settled
from server.core.ids import MatchId, PlayerId, ProcessId
from server.core.match import Match, fold
from server.store.link import Link
from server.store.log import MatchLogs
from tests.support.player import DECK, Closed, Map, Player, connected

AGAIN_S = 0.02


class Duelist:
    """Plays one match and gives the same choice in every round.

    `taken` holds the acknowledged answers by round; `over` is the result. While `may_enter`
    is not set, a pairing is heard and not followed; while `may_connect` is not, a lost
    connection stays lost. After each lost connection it goes to the next of its servers. One
    who answers `last` waits for the other's answer first. `told` holds every message,
    `connections` counts those that were tried.
    """

    def __init__(
        self,
        url: str,
        account: Map,
        choice: int,
        *others: str,
        last: bool = False,
        rated: bool = True,
    ) -> None:
        self.id: str = account["id"]
        self.taken: dict[int, tuple[int, int]] = {}
        self.match: str | None = None
        self.over: Map | None = None
        self.connections = 0
        self.may_connect = asyncio.Event()
        self.may_connect.set()
        self.may_enter = asyncio.Event()
        self.may_enter.set()
        self.told: list[Map] = []
        self._new = asyncio.Event()
        self._urls = cycle((url, *others))
        self._last = last
        self._account = account
        self._choice = choice
        self._rated = rated

    async def play(self) -> None:
        """Seek and play, over as many connections as it takes."""
        while self.over is None:
            await self.may_connect.wait()
            self.connections += 1
            with contextlib.suppress(aiohttp.ClientError, Closed):
                async with connected(next(self._urls), self._account) as socket:
                    await self._follow(socket)
            await asyncio.sleep(AGAIN_S)

    async def hears(self, type_: str, **keys: object) -> Map:
        """Wait until a message of this type with these values has been told."""
        while True:
            for message in self.told:
                if {"type": type_, **keys}.items() <= message.items():
                    return message
            self._new.clear()
            await self._new.wait()

    async def _follow(self, socket: Player) -> None:
        """One connection, from its welcome on."""
        for message in tuple(socket.seen):
            await self._take(socket, message)
        while self.over is None:
            await self._take(socket, await socket.receive())

    async def _take(self, socket: Player, message: Map) -> None:
        self.told.append(message)
        self._new.set()
        match message:
            case {"type": "welcome", "live_match": live, "seeking": seeking}:
                self.match = self.match or live
                if self.match is not None:
                    await self._enter(socket)
                elif seeking is None:
                    await socket.send("seek", deck=DECK, rated=self._rated)
            case {"type": "paired", "match": match} | {"type": "refused", "match": match}:
                self.match = match
                await self._enter(socket)
            case {"type": "match", "result": dict(result)}:
                self.over = result
            case {"type": "match", "phase": "gathering"}:
                await socket.send("ready", match=self.match)
            case {"type": "match", "phase": "open", "my_choice": None, "round": round_}:
                await self._answer(socket, round_)
            case {"type": "round_opened", "round": round_} if not self._last:
                await self._answer(socket, round_)
            case {"type": "answer_taken", "choice": choice, "elapsed_ms": elapsed_ms}:
                self._acknowledged(message["round"], choice, elapsed_ms)
            case {"type": "answer_taken", "round": round_} if self._last:
                await self._answer(socket, round_)
            case {"type": "match_over"}:
                self.over = message

    async def _enter(self, socket: Player) -> None:
        if self.may_enter.is_set():
            await socket.send("enter", match=self.match)

    async def _answer(self, socket: Player, round_: int) -> None:
        await socket.send("answer", match=self.match, round=round_, choice=self._choice)

    def _acknowledged(self, round_: int, choice: int, elapsed_ms: int) -> None:
        first = self.taken.setdefault(round_, (choice, elapsed_ms))
        assert first == (choice, elapsed_ms), "one answer, acknowledged twice and not alike"


async def record_of(
    link: Link, match: MatchId, duelists: Sequence[Duelist], partitions: int = 1
) -> Match:
    """A match by its log, which is settled once and holds what these players had acknowledged."""
    _, entries = await MatchLogs(link, partitions, ProcessId("test")).read(match)
    events = [event for entry in entries for event in entry.events]
    assert sum(isinstance(event, Settled) for event in events) == 1
    state = fold(entry.entry for entry in entries)
    for duelist in duelists:
        seat = state.seat_of(PlayerId(duelist.id))
        assert seat is not None
        for number, taken in duelist.taken.items():
            answer = state.rounds[number - 1].answers[seat]
            assert answer is not None
            assert (answer.choice, answer.elapsed_ms) == taken
    return state


def as_result(message: Map | None) -> dict[str, Any]:
    """A result as told, by event or by snapshot."""
    assert message is not None
    return {key: value for key, value in message.items() if key not in {"ref", "type"}}
