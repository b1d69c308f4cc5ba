"""What tests of flashcards press and look for."""

import time
from collections.abc import Sequence
from itertools import count
from typing import Final

from playwright.async_api import Locator, expect

from tests.pages.answers import terms
from tests.pages.visitor import DECK_PAGE, Visitor
from tests.support.player import DECK, Map

PATH: Final = f"{DECK_PAGE}/flashcards"
THREE: Final = f"{PATH}?cards=1,2,3"


def prompt(number: int) -> str:
    """What a card of the deck asks."""
    return terms()[number - 1][0]


def answer(number: int) -> str:
    """And what is right."""
    return terms()[number - 1][1]


def card(visitor: Visitor) -> Locator:
    """The button that is the card."""
    return visitor.locator(".flash-button")


def up(visitor: Visitor) -> Locator:
    """The text of the side that is up."""
    face = ".flash-turn:not([data-leaving]) .flash-face:not([inert])"
    return visitor.locator(f"{face} .flash-text")


async def lies(visitor: Visitor, text: str) -> None:
    """Wait until a side is up: its text is the card's name, and no other text is reachable."""
    await expect(card(visitor)).to_have_accessible_name(text)
    await expect(up(visitor)).to_have_text([text])


async def place(visitor: Visitor, text: str) -> None:
    """Wait until one is so far."""
    await expect(visitor.locator("deckduel-flash-place")).to_have_text(text)


async def heard(visitor: Visitor, text: str) -> None:
    """Wait until those who listen have been told."""
    await expect(visitor.locator("#aloud")).to_have_text(text)


async def press(visitor: Visitor, *keys: str) -> None:
    """Press keys, one after the other."""
    for key in keys:
        await visitor.page.keyboard.press(key)


async def tally(visitor: Visitor, learning: int, known: int) -> None:
    """Wait until so many are sorted."""
    await expect(visitor.locator(".flash-count")).to_have_text([str(learning), str(known)])


def button(visitor: Visitor, name: str) -> Locator:
    """A button by its words."""
    return visitor.page.get_by_role("button", name=name, exact=True)


async def swipe(visitor: Visitor, *ways: int, cancelled: bool = False) -> None:
    """Drag a finger over the card by these ways, in px, one every 16 ms, and let go."""
    box = await card(visitor).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = await visitor.context.new_cdp_session(visitor.page)
    times = count(time.time(), 0.016)  # the events' own: a busy machine makes no finger slow

    async def send(kind: str, *points: Map) -> None:
        event = {"type": kind, "touchPoints": list(points), "timestamp": next(times)}
        await touch.send("Input.dispatchTouchEvent", event)

    await send("touchStart", {"x": x, "y": y})
    for way in ways:
        await send("touchMove", {"x": x + way, "y": y})
    await send("touchCancel" if cancelled else "touchEnd")


async def reviews(visitor: Visitor, *cards: str) -> list[tuple[int, int]]:
    """How many reviews of each card the server has, and how many of them are right."""
    got = await visitor.page.request.get(f"{visitor.url}/api/decks/{DECK}/progress")
    found = {card["card"]: (card["reviews"], card["right"]) for card in (await got.json())["cards"]}
    return [found.get(card, (0, 0)) for card in cards]


async def all_arrived(visitor: Visitor) -> None:
    """Wait until the server has every review of this browser."""
    await visitor.page.wait_for_function("() => !JSON.stringify(localStorage).includes('.review.')")


async def sorts(visitor: Visitor, verdicts: Sequence[bool]) -> None:
    """Sort by keys."""
    await press(visitor, *("ArrowRight" if known else "ArrowLeft" for known in verdicts))
