"""The calls of practice: who the practice opponents are, and how hard the cards of a deck."""

import time
from collections.abc import Mapping
from typing import Final

from aiohttp import web
from msgspec import Struct

from deck.cards import CardId, Deck
from server.core.practice import CHARACTERS, Character
from server.store.difficulty import Difficulties
from server.web.calls import NO_SUCH_DECK, Call, deck_of, json, routes_of


class MeasuredCard(Struct, frozen=True):
    """How hard a card is, on the Elo scale, and how many answers say so."""

    card: CardId
    answers: int
    difficulty: int


class DeckDifficulty(Struct, frozen=True):
    """How hard the cards of a deck are, in its order."""

    deck: str
    cards: list[MeasuredCard]


class PracticeApi:
    """The calls, over what this process has measured."""

    def __init__(self, decks: Mapping[str, Deck], difficulties: Difficulties) -> None:
        self._decks: Final = decks
        self._difficulties: Final = difficulties

    def calls(self) -> list[Call]:
        """Every call of practice."""
        return [
            Call("GET", "/api/practice", self.characters, answer=list[Character]),
            Call(
                "GET",
                "/api/decks/{deck}/difficulty",
                self.difficulty,
                answer=DeckDifficulty,
                errors=(NO_SUCH_DECK,),
            ),
        ]

    def routes(self) -> list[web.RouteDef]:
        """The routes of the calls."""
        return routes_of(self.calls())

    async def characters(self, _: web.Request) -> web.Response:
        """The practice opponents, from beginner to expert."""
        return json(CHARACTERS)

    async def difficulty(self, request: web.Request) -> web.Response:
        """How hard the cards of a deck are, measured by what people answered."""
        deck = deck_of(request, self._decks)
        measured = await self._difficulties.of(deck.id, time.monotonic())
        cards = [MeasuredCard(card, d.answers, d.difficulty) for card, d in measured.items()]
        return json(DeckDifficulty(deck.id, cards))
