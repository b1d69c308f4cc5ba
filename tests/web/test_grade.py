"""Typed answers graded over the wire, on both sides of a card."""

import asyncio
from typing import Any, Final

import aiohttp
import pytest

from deck.cards import Card
from server.core.grading import Verdict, grade
from server.web import study
from tests.support.player import DECK, Map
from tests.web.studying import CARDS

GRADE: Final = f"/api/decks/{DECK}/grade"
BY_ID: Final[dict[str, Card]] = {card.id: card for card in CARDS}
LONG: Final = "introduces nonlinearity " * 20
"""480 letters, of words that are nearly those of the answer."""

# Card, side, what is typed, what is overlooked (None: it is wrong), the accepted text it is
# ("": that of the card).
ROWS: Final[list[tuple[str, str, str, list[str] | None, str]]] = [
    ("4", "answer", "ReLU", [], ""),
    ("4", "answer", "relu", ["case"], ""),
    ("4", "answer", "Rectified Linear Unit", ["alternate"], "Rectified Linear Unit"),
    ("4", "answer", "tanh", ["case", "alternate"], "Tanh"),
    ("68", "answer", "the weight decay", ["case", "article", "parentheses"], ""),
    ("8", "answer", "Sofmax", ["slip"], ""),
    ("30", "answer", "Mean poling", ["alternate", "slip"], "Mean pooling"),
    # Each lands on another word of the deck.
    ("43", "answer", "Gates Recurrent Unit", None, ""),
    (
        "33",
        "answer",
        "Layer were each neuron connects to all neurons of the previous layer",
        None,
        "",
    ),
    ("4", "answer", "Softmax", None, ""),
    ("4", "answer", "Which of the following is a commonly used activation function?", None, ""),
    ("4", "answer", "", None, ""),
    ("4", "answer", " \t", None, ""),
    ("3", "answer", LONG, None, ""),
    ("21", "prompt", "What is an epoch?", [], ""),
    ("21", "prompt", "what is an EPOCH", ["case", "punctuation"], ""),
    ("21", "prompt", "What is an epohc?", ["slip"], ""),
    ("28", "prompt", "What is a filters (kernel) in a CNN?", ["plural"], ""),
    ("28", "prompt", "What is a filter in a CNN?", ["parentheses"], ""),
    ("33", "prompt", "What is a full connected (dense) layer?", None, ""),
    ("4", "prompt", "Rectified Linear Unit", None, ""),
    ("4", "prompt", "ReLU", None, ""),
    ("4", "prompt", "", None, ""),
    ("4", "prompt", LONG, None, ""),
]


async def graded(client: aiohttp.ClientSession, *answers: Map) -> list[Map]:
    """The verdicts on some typed answers."""
    async with client.post(GRADE, json={"answers": answers}) as answer:
        assert answer.status == 200, await answer.text()
        assert answer.headers["Cache-Control"] == "no-store"
        told = await answer.json()
        assert set(told) == {"verdicts"}
        verdicts: list[Map] = told["verdicts"]
        return verdicts


def verdict(card: str, side: str, allowed: list[str] | None, matched: str) -> Map:
    """The verdict of a row, as the call gives it."""
    answer = BY_ID[card].prompt if side == "prompt" else BY_ID[card].answer
    told = {"card": card, "right": allowed is not None, "allowed": allowed or []}
    return {**told, "matched": matched or answer, "answer": answer}


@pytest.mark.parametrize(("card", "side", "text", "allowed", "matched"), ROWS)
async def test_a_typed_answer_gets_its_verdict(
    client: aiohttp.ClientSession,
    card: str,
    side: str,
    text: str,
    allowed: list[str] | None,
    matched: str,
) -> None:
    typed = {"card": card, "side": side, "text": text}
    assert await graded(client, typed) == [verdict(card, side, allowed, matched)]


async def test_the_answer_is_what_was_to_be_typed_unless_told(
    client: aiohttp.ClientSession,
) -> None:
    told = await graded(client, {"card": "4", "text": "ReLU"})
    assert told == [verdict("4", "answer", [], "")]


@pytest.mark.parametrize("order", [1, -1])
async def test_verdicts_come_in_the_order_of_the_answers(
    client: aiohttp.ClientSession, order: int
) -> None:
    rows = ROWS[::order]
    typed = [{"card": card, "side": side, "text": text} for card, side, text, _, _ in rows]
    told = await graded(client, *typed)
    assert told == [
        verdict(card, side, allowed, matched) for card, side, _, allowed, matched in rows
    ]


async def test_a_whole_test_of_a_hundred_cards_is_graded_at_once(
    client: aiohttp.ClientSession,
) -> None:
    typed = [
        {"card": card.id, "text": card.answer if number % 3 else "I do not know"}
        for number, card in enumerate(CARDS)
    ]
    told = await graded(client, *typed)
    assert [one["card"] for one in told] == [card.id for card in CARDS]
    assert [one["right"] for one in told] == [number % 3 > 0 for number in range(100)]
    assert [one["answer"] for one in told] == [card.answer for card in CARDS]


async def test_the_longest_text_is_graded_and_a_longer_one_is_not(
    client: aiohttp.ClientSession,
) -> None:
    assert await graded(client, {"card": "4", "text": "x" * 500}) == [
        verdict("4", "answer", None, "")
    ]
    longer = {"answers": [{"card": "4", "text": "x" * 501}]}
    async with client.post(GRADE, json=longer) as answer:
        assert (answer.status, (await answer.json())["error"]) == (422, "malformed")


async def test_other_calls_are_answered_while_a_hundred_long_texts_are_graded(
    client: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, verdicts = asyncio.Event(), 0

    def counted(*args: Any) -> Verdict:  # noqa: ANN401 - as they come
        nonlocal verdicts
        verdicts += 1
        begun.set()
        return grade(*args)

    monkeypatch.setattr(study, "grade", counted)
    async with client.get("/healthz"):
        pass  # the connection stays open: what follows need not wait for one
    grading = asyncio.create_task(graded(client, *[{"card": "3", "text": LONG}] * 100))
    await begun.wait()
    async with client.get("/healthz") as answer:
        assert answer.status == 200
        assert 0 < verdicts < 100
        assert not grading.done()
    assert await grading == [verdict("3", "answer", None, "")] * 100
    assert verdicts == 100
