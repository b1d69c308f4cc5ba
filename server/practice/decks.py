"""What a practice opponent can look up by public calls: the decks, and how hard their cards are."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import msgspec
from aiohttp import ClientSession
from msgspec import Struct

from server.core.elo import START

FRESH_S: Final = 600.0
"""How long what was looked up is taken for true; difficulties are not measured more often."""


class Known(Struct, frozen=True):
    """What there is to know of a question; `correct` is None where the deck has no such card."""

    correct: int | None
    difficulty: int = START


class _Card(Struct, frozen=True):
    id: str
    prompt: str
    answer: str


class _Deck(Struct, frozen=True):
    cards: list[_Card]


class _Measured(Struct, frozen=True):
    card: str
    difficulty: int


class _Difficulties(Struct, frozen=True):
    cards: list[_Measured]


class _Shelf(Struct, frozen=True):
    """A deck as looked up at `at` (monotonic seconds); prompts may have several cards."""

    at: float
    by_prompt: dict[str, list[_Card]]
    difficulties: dict[str, int]


class PublicDecks:
    """The decks of one server, as `http` gets them."""

    def __init__(self, http: ClientSession, origin: str) -> None:
        self._http: Final = http
        self._origin: Final = origin
        self._shelves: Final[dict[str, _Shelf]] = {}
        self._looking: Final[dict[str, asyncio.Lock]] = defaultdict(asyncio.Lock)

    async def look_up(self, deck: str, prompt: str, choices: Sequence[str]) -> Known:
        """The card that is asked, found by its texts as a reader would find it.

        Raises:
            aiohttp.ClientError: the server does not answer.
        """
        shelf = await self._shelf(deck)
        for card in shelf.by_prompt.get(prompt, ()):
            if card.answer in choices:
                difficulty = shelf.difficulties.get(card.id, START)
                return Known(choices.index(card.answer), difficulty)
        return Known(None)

    async def _shelf(self, deck: str) -> _Shelf:
        async with self._looking[deck]:
            now, shelf = time.monotonic(), self._shelves.get(deck)
            if shelf is None or now - shelf.at >= FRESH_S:
                shelf = self._shelves[deck] = await self._fetch(deck, now)
            return shelf

    async def _fetch(self, deck: str, now: float) -> _Shelf:
        by_prompt: defaultdict[str, list[_Card]] = defaultdict(list)
        for card in msgspec.json.decode(await self._get(f"/api/decks/{deck}"), type=_Deck).cards:
            by_prompt[card.prompt].append(card)
        measured = await self._get(f"/api/decks/{deck}/difficulty")
        cards = msgspec.json.decode(measured, type=_Difficulties).cards
        return _Shelf(now, dict(by_prompt), {card.card: card.difficulty for card in cards})

    async def _get(self, path: str) -> bytes:
        async with self._http.get(self._origin + path) as answer:
            answer.raise_for_status()
            return await answer.read()
