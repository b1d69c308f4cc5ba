"""Ways to study on the page of Learn, and to have studied before."""

import json
import time
from collections.abc import Sequence
from typing import Final

from playwright.async_api import Locator, expect

from deck.cards import Card
from deck.library import builtin
from tests.pages.answers import ANSWERS, right
from tests.pages.visitor import DECK_PAGE, Visitor
from tests.support.player import DECK, Map, begin, connected, sign_up

CARDS: Final[dict[str, Card]] = {card.id: card for card in builtin()[0].cards}
DAY_MS: Final = 24 * 3600 * 1000


async def learn(visitor: Visitor, *cards: str) -> None:
    """Open Learn, of these cards or of the queue."""
    await visitor.go(f"{DECK_PAGE}/learn" + (f"?cards={','.join(cards)}" if cards else ""))
    await expect(question(visitor)).to_be_visible()


async def studied(visitor: Visitor, *cards: str, days_ago: int = 0, how: str = "typed") -> None:
    """Have answered cards rightly before."""
    at_ms = int(time.time() * 1000) - days_ago * DAY_MS
    reviews = [
        {"id": f"before-{days_ago}-{card}", "card": card, "at_ms": at_ms, "how": how, "right": True}
        for card in cards
    ]
    answer = await visitor.page.request.post(
        f"{visitor.url}/api/decks/{DECK}/reviews", data={"reviews": reviews}
    )
    assert answer.ok, await answer.text()


async def progress(visitor: Visitor) -> Map:
    """What the server knows of the visitor."""
    answer = await visitor.page.request.get(f"{visitor.url}/api/decks/{DECK}/progress")
    known: Map = await answer.json()
    return known


async def known(visitor: Visitor, card: str) -> Map:
    """What the server knows of a card; nothing for one that was never answered."""
    cards = (await progress(visitor))["cards"]
    return next((found for found in cards if found["card"] == card), {})


def question(visitor: Visitor) -> Locator:
    """The question."""
    return visitor.locator("deckduel-learn-question")


async def in_phase(visitor: Visitor, phase: str) -> None:
    """Wait until the question is in a phase."""
    await expect(question(visitor)).to_have_attribute("data-phase", phase)


async def asked(visitor: Visitor) -> str:
    """The prompt of the card that is asked."""
    return await visitor.locator(".asked").inner_text()


async def is_typed(visitor: Visitor) -> bool:
    """Whether the answer is to be typed."""
    return await visitor.locator("deckduel-learn-typed").is_visible()


async def best(visitor: Visitor) -> int:
    """The right choice."""
    return right(await asked(visitor), await visitor.choices())


async def choice(visitor: Visitor, *, rightly: bool) -> int:
    """The right choice, or a wrong one."""
    return (await best(visitor) + (0 if rightly else 1)) % 4


async def answers(visitor: Visitor, *, rightly: bool = True) -> None:
    """Answer by keyboard in the form that is asked for, and wait for the verdict."""
    keys = visitor.page.keyboard
    if await is_typed(visitor):
        await expect(visitor.locator(".typing input")).to_be_focused()
        await keys.type(ANSWERS[await asked(visitor)] if rightly else "nothing like it")
        await keys.press("Enter")
    else:
        await keys.press(str(await choice(visitor, rightly=rightly) + 1))
    await in_phase(visitor, "verdict")


async def answers_by_touch(visitor: Visitor, *, rightly: bool = True) -> None:
    """Answer by thumb in the form that is asked for, and wait for the verdict."""
    if await is_typed(visitor):
        await visitor.locator(".typing input").tap()
        await visitor.page.keyboard.insert_text(
            ANSWERS[await asked(visitor)] if rightly else "nothing like it"
        )
        await visitor.zooms_out()
        await button(visitor, "Check").tap()
    else:
        await visitor.choice(await choice(visitor, rightly=rightly)).tap()
    await in_phase(visitor, "verdict")


async def goes_on(visitor: Visitor) -> None:
    """Leave a verdict by keyboard."""
    await expect(button(visitor, "Continue")).to_be_focused()
    await visitor.page.keyboard.press("Enter")


async def ends(visitor: Visitor) -> list[tuple[str, bool]]:
    """Answer rightly until the set ends; the prompts that were asked, and whether by typing."""
    turns = []
    while await question(visitor).is_visible():
        turns.append((await asked(visitor), await is_typed(visitor)))
        await answers(visitor)
        await goes_on(visitor)
    return turns


def button(visitor: Visitor, name: str) -> Locator:
    """A button of the page that is in sight."""
    return visitor.page.get_by_role("button", name=name, exact=True).locator("visible=true")


async def is_reviewed(visitor: Visitor, card: str, **values: object) -> None:
    """Wait until the outbox is empty: the server has every answer, and makes this of a card's."""
    await visitor.page.wait_for_function(
        "() => !Object.keys(localStorage).some((key) => key.startsWith('deckduel.review.'))"
    )
    found = await known(visitor, card)
    assert values.items() <= found.items(), json.dumps(found)


async def loses(url: str, account: Map, rounds: int) -> Sequence[str]:
    """Have a player lose a duel, wrong in every round; the prompts in the order of the rounds."""
    lost = []
    async with connected(url, account) as one, connected(url, await sign_up(url, "Bob")) as two:
        match = await begin(one, two)
        opened = one.last("round_opened")
        for number in range(1, rounds + 1):
            lost.append(opened["prompt"])
            best = right(opened["prompt"], opened["choices"])
            for player, choice in ((one, (best + 1) % 4), (two, best)):
                await player.send("answer", match=match, round=number, choice=choice)
            opened = await one.until("round_opened", "match_over", match=match)
    assert opened["type"] == "match_over"
    return lost
