"""What the tests of the study mode Test do again and again."""

from typing import Final

from playwright.async_api import Locator, expect

from tests.pages.answers import ANSWERS
from tests.pages.visitor import DECK_PAGE, Visitor
from tests.support.player import DECK, Map

KINDS: Final = ["True or false", "Multiple choice", "Matching", "Written"]
ALL_KINDS: Final = "8"
"""So many questions are two of each kind."""

SENT: Final = """
() => Object.entries(localStorage).every(
  ([key, entry]) => !key.startsWith("deckduel.review.") || JSON.parse(entry).held_until_ms > 0
)
"""
"""Every review that is not held has arrived."""


async def settings(visitor: Visitor, count: str, *kinds: str, side: str = "The answer") -> None:
    """Have the settings typed and ticked; every kind where none is named."""
    await visitor.go(f"{DECK_PAGE}/test")
    await visitor.page.get_by_label("Number of questions").fill(count)
    for kind in KINDS:
        await visitor.page.get_by_label(kind).set_checked(kind in (kinds or KINDS))
    await visitor.page.get_by_label(side).check()


async def make(visitor: Visitor, count: str, *kinds: str, side: str = "The answer") -> None:
    """Have a test made."""
    await settings(visitor, count, *kinds, side=side)
    await press(visitor, "Make the test")
    await expect(visitor.locator(".test-paper h2")).to_be_focused()


async def press(visitor: Visitor, name: str) -> None:
    """Press a button."""
    await visitor.page.get_by_role("button", name=name, exact=True).click()


async def check(visitor: Visitor) -> None:
    """Check the answers, and look at the score."""
    await press(visitor, "Check my answers")
    await expect(visitor.locator(".test-score h2")).to_be_focused()


def fields(visitor: Visitor) -> Locator:
    """Where answers are typed."""
    return visitor.locator(".test-question input[type=text]")


async def answer_of(field: Locator) -> str:
    """The right answer to a written question."""
    asking = field.locator("xpath=..")
    return ANSWERS[await asking.locator(".test-asked").inner_text()]


async def progress(visitor: Visitor) -> dict[str, Map]:
    """The progress by card, once what may be sent has been."""
    await visitor.page.wait_for_function(SENT)
    answer = await visitor.page.request.get(f"{visitor.url}/api/decks/{DECK}/progress")
    return {card["card"]: card for card in (await answer.json())["cards"]}


async def percent(visitor: Visitor, text: str) -> None:
    """Wait for a score."""
    await expect(visitor.locator(".percent")).to_have_text(text)
